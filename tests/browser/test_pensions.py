"""An average pension is put right after a warning, and approved by somebody who sees what it moves."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn

pytestmark = pytest.mark.browser


def open_pensions(page: Page) -> None:
    page.get_by_role("link", name="Average pensions").click()


def test_an_unusual_average_pension_is_confirmed_and_decided_by_another(log_in: LogIn) -> None:
    officer = log_in("policy_officer")
    open_pensions(officer)
    officer.locator("a[href$='/averagepension/add/']").first.click()
    officer.get_by_label("Year").fill("2023")
    officer.get_by_label("Yuan a month").fill("38520")
    officer.get_by_label("Reason for the change").fill("published")
    send = officer.get_by_role("button", name="Record an average pension")
    send.click()
    expect(officer.get_by_text("12.0 times the 2022 figure")).to_be_visible()
    officer.get_by_label("Yuan a month").fill("3852")
    send.click()
    expect(officer.get_by_text("1.20 times the 2022 figure. If it is right, say why.")).to_be_visible()
    officer.get_by_label("Yes, the unusual figure is right").fill("checked against the gazette")
    send.click()
    expect(officer.get_by_text("The average pension waits for another person's decision.")).to_be_visible()
    expect(officer.get_by_role("link", name="Approve")).to_have_count(0)

    supervisor = log_in("supervisor")
    supervisor.get_by_role("link", name="Zaozhuang 2023: 3852.00").click()
    expect(supervisor.get_by_text("1.20 times the figure of 2022, 3,210.00 yuan")).to_be_visible()
    expect(supervisor.get_by_role("heading", name="What it moves")).to_be_visible()
    case = supervisor.url
    supervisor.get_by_role("link", name="Approve").click()
    expect(supervisor.get_by_text("1.20 times the 2022 figure. If it is right, say why.")).to_be_visible()
    supervisor.get_by_label("Reason for the change").fill("so in the gazette")
    supervisor.get_by_role("button", name="Approve").click()
    expect(supervisor.get_by_text("The average pension is approved.")).to_be_visible()
    # The next one that waits has opened by itself.
    supervisor.goto(case)
    expect(supervisor.locator(".desk-badge", has_text="approved")).to_be_visible()
