"""No page keeps out people with impaired sight or hands: axe-core finds no serious fault, in light and in dark."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import LogIn
from tests.builder.office import Office
from tests.desk.pages import MODELS, obj

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
_SERIOUS = ("serious", "critical")


def addresses(office: Office) -> Iterator[str]:
    """The home page, all pages, help, and of each model the list and the page of a row."""
    yield from (reverse("admin:index"), reverse("admin:pages"), reverse("admin:files_fileimport_add"))
    yield from (reverse("admin:help"), reverse("admin:help_chapter", args=["clerk"]))
    for model, (name, _readers) in MODELS.items():
        yield reverse(f"admin:{model}_changelist")
        yield reverse(f"admin:{model}_change", args=[obj(office, name).pk])


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


def test_no_page_has_a_serious_fault(log_in: LogIn, office: Office) -> None:
    assert faults(log_in("root"), addresses(office)) == {}


def test_nor_has_one_in_the_dark(log_in: LogIn, office: Office) -> None:
    page = log_in("root")
    page.emulate_media(color_scheme="dark")
    member = reverse("admin:members_member_change", args=[office.members[0].pk])
    claim = reverse("admin:claims_claim_change", args=[obj(office, "claim").pk])
    lists = (reverse("admin:claims_claim_changelist"), reverse("admin:index"), reverse("admin:pages"))
    chapter = reverse("admin:help_chapter", args=["clerk"])
    assert faults(page, [*lists, member, claim, chapter]) == {}
