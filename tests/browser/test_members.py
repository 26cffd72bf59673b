"""A clerk looks a member up, and works by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn
from tests.builder.office import Office

pytestmark = pytest.mark.browser


def test_a_clerk_finds_a_member_and_sees_the_balance(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    page.get_by_role("link", name="Members", exact=True).click()
    page.get_by_placeholder("Beginning of the name").fill("张")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="张伟").click()
    general = page.locator("#member_form")
    expect(page.locator(".desk-overview")).to_contain_text("120.00 yuan")
    number = office.members[0].identity_number
    expect(general).to_contain_text(f"{number[:6]}**********{number[-2:]}")
    expect(general).not_to_contain_text(number)

    page.locator("a[href='#dataset-account']").first.click()
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


@pytest.mark.parametrize(
    ("language", "passport", "kind"),
    [("en", "foreign passport", "Kind of document"), ("zh-hans", "外国护照", "证件类型")],
)
def test_the_form_asks_for_what_the_document_does_not_say(
    log_in: LogIn, language: str, passport: str, kind: str
) -> None:
    page = log_in("clerk", language=language)
    page.goto("/admin/members/member/add/")
    sex, born = page.locator("#id_sex"), page.locator("#id_birth_date")
    expect(born).to_be_hidden()
    page.get_by_label(kind).select_option(passport)
    expect(born).to_be_visible()
    sex.select_option("M")
    page.get_by_label(kind).select_option("foreigner_card")
    expect(sex).to_be_hidden()
    page.locator("#id_identity_number").fill("KAZ110090123105")
    expect(sex).to_be_visible()
    page.locator("#id_identity_number").fill("931840 19850412 1245")
    expect(sex).to_be_hidden()
    page.locator("#id_member_number").fill("P0200")
    page.locator("#id_name").fill("ALICE  EXAMPLE")
    page.keyboard.press("Enter")
    # What was chosen and then hidden is not sent: the number says another sex.
    member = page.locator("#member_form")
    expect(member).to_contain_text("ALICE EXAMPLE")
    expect(member).to_contain_text("931840**********45")
