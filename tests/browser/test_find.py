"""Find and explain: a name from any page by the keyboard, the answer at one look, what happened, and why."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn
from tests.builder.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": ("Search the office", "Nothing that you may see is found", "May they claim?", "Time line", "Claims"),
    "zh-hans": ("全局搜索", "没有找到与", "当日能否享受待遇", "时间线", "费用单据"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_somebody_is_found_by_pinyin_and_understood(log_in: LogIn, office: Office, language: str) -> None:
    search, nothing, may_claim, time_line, claims = WORDS[language]
    member = office.members[0]
    page = log_in("clerk", language)
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name=search)
    expect(field).to_be_focused()
    field.press_sequentially("zz nobody")
    expect(page.locator("#desk-search-found")).to_contain_text(nothing)
    field.fill(member.pinyin)
    expect(page.locator("#desk-search-found a strong").first).to_have_text(member.name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/members/member/{member.pk}/change/"))
    answers = page.locator(".desk-overview")
    expect(answers).to_contain_text(may_claim)
    expect(answers.get_by_role("meter").first).to_be_visible()
    page.get_by_role("link", name=time_line).click()
    events = page.locator(".desk-timeline")
    expect(events).to_be_visible()
    page.locator(".desk-kinds").get_by_role("link", name=claims, exact=True).click()
    expect(page.locator(".desk-kinds [aria-current]")).to_have_text(claims)
    page.locator(".desk-timeline a").first.click()
    page.wait_for_url(re.compile("/claims/claim/"))


def test_a_field_in_which_somebody_types_keeps_its_slash(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    page.goto("/admin/claims/claim/")
    page.fill("#searchbar", "")
    page.locator("#searchbar").press_sequentially("a/b")
    expect(page.locator("#searchbar")).to_have_value("a/b")
    expect(page.locator("#desk-search")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#desk-search")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#desk-search")).to_be_hidden()


def test_the_columns_that_are_chosen_are_those_of_the_list(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    page.goto("/admin/members/member/")
    page.locator("details.desk-tool summary", has_text="Columns").click()
    page.get_by_role("checkbox", name="Employer").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    page.wait_for_url(re.compile("columns="))
    expect(page.locator("#result_list thead")).to_contain_text("Insured today")
    expect(page.locator("#result_list thead")).not_to_contain_text("Employer")
    page.locator("details.desk-tool summary", has_text="Saved lists").click()
    page.get_by_label("Name", exact=True).fill("Without employers")
    page.get_by_role("button", name="Save this list").click()
    page.locator("details.desk-tool summary", has_text="Saved lists").click()
    expect(page.get_by_role("link", name="Without employers")).to_have_attribute("href", re.compile("columns="))
