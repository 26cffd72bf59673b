"""Two policy officers change a rate."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn

pytestmark = pytest.mark.browser


def open_version(page: Page, label: str) -> None:
    """From the home page to a version's rates."""
    page.get_by_role("link", name="Policy versions").first.click()
    page.get_by_role("link", name=label, exact=True).first.click()


def test_a_rate_is_drafted_edited_submitted_and_published_by_another(log_in: LogIn) -> None:
    officer = log_in("policy_officer")
    open_version(officer, "2024-01")
    officer.get_by_role("link", name="Draft a new version from this").first.click()
    officer.get_by_label("Label").fill("2025-07")
    officer.get_by_label("First day").fill("2025-07-01")
    officer.get_by_label("Reason for the change").fill("new circular")
    officer.get_by_role("button", name="Draft a new version from this").click()
    expect(officer.get_by_text("The draft 2025-07 is ready to be edited.")).to_be_visible()

    officer.get_by_role("link", name="Benefits", exact=True).first.click()
    officer.get_by_role("link", name="Edit general outpatient · secondary · active").first.click()
    expect(officer.get_by_label("Reimbursement rate")).to_have_value("60")
    officer.get_by_label("Reimbursement rate").fill("62.5")
    officer.get_by_label("Reason for the change").fill("circular 3")
    officer.get_by_role("button", name="Save").click()
    officer.get_by_role("link", name="Differences").first.click()
    row = officer.get_by_role("row", name="general outpatient · secondary · active")
    expect(row).to_contain_text("60%")
    expect(row).to_contain_text("62.5%")

    officer.get_by_role("link", name="Submit").first.click()
    officer.get_by_role("button", name="Submit").click()
    expect(officer.get_by_text("The version waits for another person to publish it.")).to_be_visible()
    expect(officer.get_by_role("link", name="Publish")).to_have_count(0)

    second = log_in("second_officer")
    second.get_by_role("link", name="Zaozhuang 2025-07").first.click()
    second.get_by_role("link", name="Publish").first.click()
    second.get_by_label("Reason for the change").fill("received when its first days were over")
    second.get_by_role("button", name="Publish").click()
    expect(second.get_by_text("The version is published.")).to_be_visible()
    expect(second.locator(".desk-badge", has_text="published")).to_be_visible()
    expect(second.get_by_role("link", name="Submit")).to_have_count(0)
