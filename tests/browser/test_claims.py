"""A claim from the member's page to the printed calculation."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn
from tests.browser.forms import choose

pytestmark = pytest.mark.browser


def test_a_claim_is_registered_settled_and_its_calculation_printed(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.goto("/admin/members/member/?q=P0001")
    page.get_by_role("link", name="张伟").click()
    page.get_by_role("link", name="New claim").click()
    choose(page, "provider", "枣庄", "枣庄市立医院")
    page.get_by_label("Claim number").fill("C9001")
    page.get_by_label("Served on").fill("2024-03-21")
    page.get_by_label("Amount, yuan").first.fill("300.00")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Kind").last.select_option("item")
    page.get_by_label("Category").last.select_option("B")
    page.get_by_label("Upfront share of the catalogue, %").last.fill("10")
    page.get_by_label("Amount, yuan").last.fill("100.00")
    page.get_by_role("button", name="Register a claim").click()
    expect(page.get_by_text("Not calculated yet.")).to_be_visible()

    page.get_by_role("link", name="Settle", exact=True).click()
    page.get_by_role("button", name="Settle", exact=True).click()
    # The year's deductible is met: 60 % of 300.00 and of 90.00.
    expect(page.get_by_text("Settled: the fund pays 234.00 yuan.")).to_be_visible()
    paid = page.get_by_role("row", name="Reimbursement above the deductible")
    expect(paid).to_contain_text("60 %")
    expect(paid).to_contain_text("234.00")
    expect(paid).to_contain_text("第五条")

    page.emulate_media(media="print")
    expect(paid).to_be_visible()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    expect(page.get_by_role("link", name="Ask for a reversal")).to_be_hidden()
