"""The pages that stand instead of an answer: in the person's language, with a sentence and a way back."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from agency.models import Role
from config.urls import handler400  # noqa: F401  Read from here by Django as well.
from config.urls import urlpatterns as of_the_house
from tests import builder
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db


def raising(fault: type[Exception]) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise fault

    return view


urlpatterns = [
    path("forbidden/", raising(PermissionDenied)),
    path("gone/", raising(Http404)),
    path("broken/", raising(ZeroDivisionError)),
    *of_the_house,
]


def answered(client: Client, address: str, status: int, sentence: str) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert f'href="{reverse("admin:index")}"' in page


@pytest.mark.parametrize(
    ("address", "status", "english", "chinese"),
    [
        ("/forbidden/", 403, "This page is not yours to open", "您无权打开此页面"),
        ("/gone/", 404, "There is nothing at this address", "该地址没有内容"),
        ("/nowhere/", 404, "There is nothing at this address", "该地址没有内容"),
        ("/broken/", 500, "Something went wrong here", "系统出现故障"),
    ],
)
@override_settings(ROOT_URLCONF="tests.config.test_refusals")
def test_a_page_that_cannot_be_made_says_so_and_leads_back(
    address: str, status: int, english: str, chinese: str
) -> None:
    clerk = builder.staff("clerk", Role.CLERK, region=builder.region("pingliang"))
    for language, sentence in (("en", english), ("zh-hans", chinese)):
        client = visitor(clerk, language)
        client.raise_request_exception = False
        answered(client, address, status, sentence)


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "The page was open for too long"), ("zh-hans", "页面打开时间过长")]
)
def test_a_form_of_an_earlier_login_says_what_to_do(language: str, sentence: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = language
    response = client.post(reverse("admin:login"), {"username": "clerk", "password": builder.PASSWORD})
    assert response.status_code == 403
    assert sentence in response.content.decode()
