"""Chinese unless the person chose English, whatever the browser was installed in."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accepted", ["", "en-US,en;q=0.9", "fr"])
def test_the_browsers_language_does_not_matter(client: Client, accepted: str) -> None:
    response = client.get("/admin/login/", headers={"accept-language": accepted})
    assert response["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in response.content.decode()


def test_the_switch_changes_the_language_for_the_next_page(client: Client) -> None:
    chosen = client.post("/i18n/setlang/", {"language": "en", "next": "/admin/login/"})
    assert chosen.status_code == 302
    response = client.get("/admin/login/", headers={"accept-language": "zh-CN"})
    assert response["Content-Language"] == "en"


@pytest.mark.parametrize("value", ["fr", "xx", "../../etc", "zh-hant"])
def test_an_unknown_choice_means_chinese(client: Client, value: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    response = client.get("/admin/login/")
    assert response.status_code == 200
    assert response["Content-Language"] == "zh-hans"
