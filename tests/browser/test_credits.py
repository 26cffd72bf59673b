"""A month's credits: drafted and submitted by one person, approved by another, posted by a real worker."""

import pytest
from playwright.sync_api import Page, expect

from config.celery import app
from tests.browser.conftest import LogIn
from tests.processes import worker

pytestmark = pytest.mark.browser

POSTED_WITHIN = 60_000


def press(page: Page, name: str) -> None:
    """A button of the page, and the button of its form."""
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()


def test_a_month_is_credited_and_the_page_follows_the_worker(log_in: LogIn) -> None:
    # What earlier tests sent is about rows that are gone.
    app.control.purge()
    finance = log_in("finance")
    finance.get_by_role("link", name="Zaozhuang 2024-03 #1").click()
    press(finance, "Check")
    expect(finance.get_by_role("status").get_by_text("queued")).to_be_visible()
    with worker():
        # Nobody touches the page: it shows what the worker found.
        expect(finance.get_by_role("row", name="Together").first).to_contain_text("120.00", timeout=POSTED_WITHIN)
    expect(finance.get_by_role("row", name="active employees 1 120.00 1 120.00 0.00")).to_be_visible()
    finance.get_by_role("link", name="Members not creditable", exact=True).click()
    expect(finance.get_by_role("row", name="李强 P0003")).to_contain_text("no contribution received")
    press(finance, "Submit")
    expect(finance.get_by_role("link", name="Approve and post")).to_have_count(0)

    supervisor = log_in("supervisor")
    supervisor.get_by_role("link", name="Zaozhuang 2024-03 #1").click()
    press(supervisor, "Approve and post")
    expect(supervisor.get_by_role("status").get_by_text("0 of 1 parts")).to_be_visible()
    with worker():
        # Nobody touches the page: it looks for news until the run is posted, and then shows what it came to.
        outcome = supervisor.get_by_role("row", name="in all 1 120.00")
        expect(supervisor.get_by_text("1 of 1 parts")).to_be_visible(timeout=POSTED_WITHIN)
        expect(outcome).to_be_visible(timeout=POSTED_WITHIN)
        expect(supervisor.locator(".desk-badge", has_text="posted")).to_be_visible(timeout=POSTED_WITHIN)

    supervisor.goto("/admin/members/member/?q=P0001")
    supervisor.get_by_role("link", name="张伟").click()
    expect(supervisor.locator(".desk-overview")).to_contain_text("240.00 yuan")
