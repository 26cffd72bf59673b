"""A caller asks what a visit would cost (试算): described or found, a pasted bill, two tiers, paper."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LogIn
from tests.browser.forms import choose, paste

pytestmark = pytest.mark.browser

BILL = (
    "项目名称\t费用类型\t目录类别\t金额(元)\n阿莫西林\t西药\t甲\t400.00\n血常规\t化验\t甲类\t100.00\n合计\t\t\t500.00"
)
WORDS = {
    "en": {"ask": "Trial calculation", "pays": "The fund pays 210.00 yuan.", "other": "secondary: The fund pays 60.00"},
    "zh-hans": {"ask": "试算", "pays": "统筹基金支付 210.00 元。", "other": "二级：统筹基金支付 60.00 元。"},
}


def opened(page: Page, words: dict[str, str]) -> Locator:
    """The page, reached from the sidebar; what it answers."""
    page.get_by_role("link", name=words["ask"], exact=True).click()
    return page.locator("#try-spoken")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_caller_is_answered_by_the_keyboard_alone(log_in: LogIn, language: str) -> None:
    page, words = log_in("clerk", language), WORDS[language]
    spoken = opened(page, words)
    # The one region of the clerk is chosen; status, scheme and contribution are those of most callers.
    page.locator("#id_age").focus()
    page.keyboard.type("45")
    page.locator("#id_served_on").fill("2024-03-21")
    page.locator("#id_tier").focus()
    page.keyboard.press("ArrowDown")
    paste(page, page.locator("#id_lines-0-kind"), BILL)
    # (500 − 200) × 70 % (Zaozhuang 5).
    expect(spoken).to_have_text(words["pays"])
    compared = page.locator("summary").last
    compared.focus()
    page.keyboard.press("Enter")
    page.locator("#id_other_tier").select_option("secondary")
    expect(spoken).to_contain_text(words["other"])
    expect(page.locator("[data-try] table")).to_have_count(3)


def test_a_member_takes_the_place_of_whoever_is_described(log_in: LogIn) -> None:
    page = log_in("policy_officer")
    page.goto("/admin/claims/claim/trial/")
    described = page.locator("[data-unless=member]")
    expect(described.first).to_be_visible()
    choose(page, "member", "P0001", "张伟")
    for part in described.all():
        expect(part).to_be_hidden()
    choose(page, "provider", "枣庄", "枣庄市立医院")
    expect(page.locator("#id_tier")).to_be_hidden()
    page.locator("#id_served_on").fill("2024-03-21")
    page.locator("#id_lines-0-amount").fill("1000.00")
    expect(page.locator("#try-spoken")).to_have_text("The fund pays 600.00 yuan.")
    page.get_by_role("button", name="Calculate").click()
    expect(page.locator("[data-try]")).to_contain_text("600.00")
    page.emulate_media(media="print")
    expect(page.locator("#id_served_on")).to_be_hidden()
    expect(page.locator("[data-try]")).to_be_visible()
    expect(page.locator(".desk-paper-only")).to_be_visible()
