"""A supervisor decides a queue of ten by keyboard alone; the keys of the desk never fire while somebody types."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from members.models import DiseaseRegistration, RegistrationState
from members.services.diseases import submit_disease_registration
from policies.models import Disease
from tests.browser.conftest import LogIn
from tests.builder.office import REASON, Office
from tests.builder.people import SPECIAL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASE = re.compile(r"/diseaseregistration/\d+/change/")
LEFT = {"en": "{} more wait", "zh-hans": "还有 {} 件"}
NONE = {"en": "Nothing more of this kind waits for you.", "zh-hans": "已没有待您处理的同类事项"}


def ten_registrations(office: Office) -> None:
    """Of one disease each, with the one that waits in the office already."""
    member, clerk = office.members[1], office.staff["clerk"]
    codes = Disease.objects.filter(region=office.here).order_by("code").values_list("code", flat=True)[:9]
    for code in codes:
        submit_disease_registration(
            member, code=code, benefit=SPECIAL, since=date(2024, 2, 1), actor=clerk, reason=REASON
        )
    assert DiseaseRegistration.objects.filter(state=RegistrationState.SUBMITTED).count() == 10


def open_first(page: Page) -> None:
    """By its list, since other kinds may come first."""
    page.goto("/admin/members/diseaseregistration/?state=submitted&o=")
    page.locator("#result_list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(CASE)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_ten_are_decided_in_a_row_without_the_mouse(log_in: LogIn, office: Office, language: str) -> None:
    ten_registrations(office)
    page = log_in("supervisor", language)
    open_first(page)
    for number in range(10):
        case = page.url
        if number == 3:
            page.keyboard.press("r")
            page.wait_for_url("**/refuse/**")
            page.keyboard.type("apply again / no papers?")
        else:
            page.keyboard.press("a")
            page.wait_for_url("**/approve/**")
        page.keyboard.press("Control+Enter")
        if number < 9:
            page.wait_for_url(CASE)
            assert page.url != case
            expect(page.get_by_text(LEFT[language].format(9 - number))).to_be_visible()
    expect(page.get_by_text(NONE[language])).to_be_visible()
    states = list(DiseaseRegistration.objects.values_list("state", flat=True))
    assert sorted(states) == [RegistrationState.APPROVED] * 9 + [RegistrationState.REFUSED]
    assert DiseaseRegistration.objects.filter(decision_reason="apply again / no papers?").count() == 1


def test_cases_are_passed_over_and_the_help_lists_the_keys(log_in: LogIn, office: Office) -> None:
    ten_registrations(office)
    page = log_in("supervisor")
    open_first(page)
    seen = {page.url}
    for key in "njn":
        with page.expect_navigation(url=CASE):
            page.keyboard.press(key)
        seen.add(page.url)
    assert len(seen) == 4
    page.keyboard.press("?")
    page.wait_for_url("**/shortcuts/")
    for key in ("/", "Ctrl", "?", "A", "R", "B", "N"):
        expect(page.locator("kbd").get_by_text(key, exact=True).first).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_visible()
    # Within the dialog the keys are letters, on a result as well as in its field.
    page.keyboard.type("arn?")
    expect(page.locator("#desk-search input[name=words]")).to_have_value("arn?")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/shortcuts/$"))


def test_single_keys_can_be_switched_off(log_in: LogIn, office: Office) -> None:
    page = log_in("supervisor")
    page.goto("/admin/shortcuts/")
    page.get_by_label("Keys that are pressed alone work on this computer").uncheck()
    page.reload()
    expect(page.get_by_label("Keys that are pressed alone work on this computer")).not_to_be_checked()
    page.locator("body").press("/")
    expect(page.locator("#desk-search")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#desk-search")).to_be_visible()
