"""A vendor reads how messages are written; a clerk decides a row that only the provider's books have."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import LogIn
from tests.builder.office import Office

pytestmark = pytest.mark.browser


def test_a_vendor_reads_the_page_without_a_login(chromium: Browser, live_server: LiveServer, office: Office) -> None:
    asked: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/providers/")
    expect(page.get_by_role("heading", name="定点医药机构接口")).to_be_visible()
    settling = page.locator("#t2207")
    expect(settling.get_by_role("row", name="医疗费总额")).to_contain_text("数字，最多2位小数")
    expect(settling.get_by_text('"med_type": "11"')).to_be_visible()
    assert {address.removeprefix(live_server.url)[:1] for address in asked} == {"/"}
    page.get_by_role("link", name="openapi.json").click()
    expect(page.get_by_text("定点医药机构接口")).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    ("language", "days", "decide", "done"),
    [
        ("zh-hans", "2023年3月14日", "处理", "处理意见已记录。"),
        ("en", "March 14, 2023", "Decide", "The decision is recorded."),
    ],
)
def test_a_clerk_decides_a_difference(
    log_in: LogIn, office: Office, language: str, days: str, decide: str, done: str
) -> None:
    clerk = log_in("clerk", language)
    clerk.goto("/admin/interface/reconciliation/")
    clerk.get_by_role("link", name=days).click()
    clerk.get_by_role("link", name="987654321").click()
    clerk.get_by_role("link", name=decide, exact=True).click()
    clerk.get_by_role("textbox").first.fill("机构重复记账，已通知更正")
    clerk.get_by_role("button", name=decide, exact=True).click()
    expect(clerk.get_by_text(done)).to_be_visible()
    expect(clerk.get_by_text("机构重复记账，已通知更正")).to_be_visible()
    expect(clerk.get_by_role("link", name=decide, exact=True)).to_have_count(0)
