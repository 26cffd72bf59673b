"""A clerk looks a member up, and works by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn

pytestmark = pytest.mark.browser


def test_a_clerk_finds_a_member_and_sees_the_balance(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.get_by_role("link", name="Members", exact=True).click()
    page.get_by_placeholder("Beginning of the name").fill("张")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="张伟").click()
    general = page.locator("#member_form")
    expect(general).to_contain_text("120.00")
    expect(general).to_contain_text("370402**********")

    page.get_by_role("link", name="Personal account", exact=True).click()
    entry = page.get_by_role("row", name="monthly credit")
    expect(entry).to_contain_text("February 2024")
    expect(entry).to_contain_text("contribution income · Zaozhuang")
    page.reload()
    expect(entry).to_be_visible()


def test_a_menu_of_buttons_opens_by_keyboard(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.goto("/admin/members/member/?q=P0001")
    page.get_by_role("link", name="张伟").click()
    menu = page.get_by_role("button", name="Insurance")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Convert to retired").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Retired from").fill("2026-01-01")
    page.get_by_label("Reason for the change").fill("pension decision")
    page.get_by_role("button", name="Convert to retired").press("Enter")
    expect(page.get_by_text("The member is converted to retired.")).to_be_visible()
    expect(page.locator("#member_form")).to_contain_text("retired")


def test_the_language_is_chinese_until_somebody_switches(log_in: LogIn) -> None:
    page = log_in("clerk", language="")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "zh-hans")
    page.goto("/admin/members/member/?q=P0001")
    expect(page.get_by_role("link", name="张伟")).to_be_visible()
    page.locator("summary", has_text="clerk").press("Enter")
    page.get_by_role("button", name="English").press("Enter")
    expect(html).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/admin/members/member/\?q=P0001$"))
    expect(page.get_by_role("columnheader", name="Member number")).to_be_visible()
