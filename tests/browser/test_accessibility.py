"""No page keeps out people with impaired sight or hands: axe-core finds no serious fault, in light and in dark."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import LogIn
from tests.builder.office import Office
from tests.desk.pages import EVERYBODY, obj, pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Addresses that answer with a file.
FILES = re.compile(r"csv|xlsx|toml|setlinfo|monthly-reports|year-end-")
_SERIOUS = ("serious", "critical")


def shared_out(office: Office) -> dict[str, list[str]]:
    """Every page that opens, each for one of the roles that may open it, in turn: no two have the same buttons."""
    found: dict[str, list[str]] = {}
    for place, (address, allowed, status, _budget) in enumerate(pages(office)):
        roles = sorted(allowed & EVERYBODY)
        if status == 200 and roles and not FILES.search(address):
            found.setdefault(roles[place % len(roles)], []).append(address)
    return found


def faults(page: Page, where: Iterable[str]) -> dict[str, list[str]]:
    """What axe-core finds serious, by the rule, the part of the page, and the addresses where it is."""
    found: dict[str, list[str]] = {}
    for address in where:
        page.goto(address)
        response: dict[str, Any] = Axe().run(page, options=_WCAG).response
        for violation in response["violations"]:
            if violation["impact"] in _SERIOUS:
                for node in violation["nodes"]:
                    found.setdefault(f"{violation['id']}: {node['html'][:160]}", []).append(address)
    return found


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_page_has_a_serious_fault(log_in: LogIn, office: Office, role: str) -> None:
    where = {reverse("admin:index"), reverse("admin:pages"), *shared_out(office)[role]}
    assert faults(log_in(role), sorted(where)) == {}


def test_nor_has_one_in_the_dark(log_in: LogIn, office: Office) -> None:
    page = log_in("root")
    page.emulate_media(color_scheme="dark")
    member = reverse("admin:members_member_change", args=[office.members[0].pk])
    claim = reverse("admin:claims_claim_change", args=[obj(office, "claim").pk])
    lists = (reverse("admin:claims_claim_changelist"), reverse("admin:index"), reverse("admin:pages"))
    chapter = reverse("admin:help_chapter", args=["clerk"])
    assert faults(page, [*lists, member, claim, chapter]) == {}
