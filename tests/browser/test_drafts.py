"""Unsaved work is not lost by a wrong click or an expired session; numbers of persons are kept nowhere."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from claims.models import Claim
from tests.browser.conftest import LogIn
from tests.browser.forms import choose
from tests.builder import PASSWORD
from tests.builder.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM = "/admin/claims/claim/add/"
OFFER = "[data-draft-offer]"


def kept(page: Page) -> str:
    """All that this tab keeps."""
    found: str = page.evaluate("JSON.stringify(sessionStorage)")
    return found


def wait_until_kept(page: Page, text: str) -> None:
    page.wait_for_function("text => JSON.stringify(sessionStorage).includes(text)", arg=text)


def sign_in(page: Page, name: str) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")


@pytest.mark.parametrize(("language", "restore"), [("en", "Restore"), ("zh-hans", "恢复")])
def test_a_claim_is_finished_after_the_session_has_expired(
    log_in: LogIn, office: Office, language: str, restore: str
) -> None:
    page = log_in("clerk", language)
    page.goto(CLAIM)
    expect(page.locator(OFFER)).to_be_hidden()
    choose(page, "member", "P0001", "张伟")
    choose(page, "provider", "枣庄", "枣庄市立医院")
    page.fill("#id_claim_number", "C9001")
    page.fill("#id_served_on", "2024-03-21")
    page.fill("#id_lines-0-amount", "300.00")
    for _line in range(2):
        page.locator("[data-add-line]").click()
    page.fill("#id_lines-4-amount", "20.00")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/login/**")
    sign_in(page, "clerk")
    page.wait_for_url(f"**{CLAIM}")
    expect(page.locator(OFFER)).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.get_by_role("button", name=restore, exact=True).click()
    expect(page.locator("#id_lines-4-amount")).to_have_value("20.00")
    expect(page.locator("#id_provider + .select2-container")).to_contain_text("枣庄市立医院")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/change/")
    claim = Claim.objects.get(claim_number="C9001")
    assert (claim.member, [str(line.amount) for line in claim.lines.order_by("pk")]) == (
        office.members[0],
        ["300.00", "20.00"],
    )
    page.goto(CLAIM)
    expect(page.locator(OFFER)).to_be_hidden()
    assert "C9001" not in kept(page)


def test_leaving_a_changed_form_asks_first_and_an_unchanged_one_does_not(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(CLAIM)
    page.get_by_role("link", name="Home", exact=True).first.click()
    page.wait_for_url("**/admin/")
    assert asked == []
    page.goto(CLAIM)
    page.fill("#id_claim_number", "C9001")
    page.get_by_role("link", name="Home", exact=True).first.click()
    expect(page.locator("#id_claim_number")).to_have_value("C9001")
    assert asked == ["beforeunload"]


def test_a_draft_is_discarded_and_lost_on_others(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    page.goto(CLAIM)
    page.fill("#id_claim_number", "C9001")
    wait_until_kept(page, "C9001")
    page.goto(CLAIM)
    page.get_by_role("button", name="Discard it").click()
    assert "C9001" not in kept(page)
    page.fill("#id_claim_number", "C9002")
    wait_until_kept(page, "C9002")
    page.context.clear_cookies(name="sessionid")
    page.goto("/admin/")
    sign_in(page, "root")
    page.wait_for_url("**/admin/")
    page.wait_for_function("!JSON.stringify(sessionStorage).includes('C9002')")


def test_numbers_of_persons_are_kept_nowhere(log_in: LogIn, office: Office) -> None:
    page = log_in("clerk")
    page.goto("/admin/members/member/add/")
    page.fill("#id_identity_number", "E12345678")
    page.fill("#id_phone", "0632-331")
    page.fill("#id_employer", "6222 0213 0400 1234 567")
    page.fill("#id_name", "周宁")
    wait_until_kept(page, "周宁")
    for number in ("E12345678", "0632-331", "6222"):
        assert number not in kept(page)
