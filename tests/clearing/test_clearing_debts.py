"""Clearings of providers that owe something, and what of a year a clearing has to wait for."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError, SubmissionVoided
from clearing.models import ProviderStatement, StatementState
from clearing.services import clearings as service
from clearing.services.statements import approve_statement, draft_statement, submit_statement
from providers.models import Provider
from tests.builder import retiree, somebody
from tests.builder.accounts import give
from tests.builder.clearing import (
    APRIL,
    NEW_YEAR,
    a_draft,
    a_provider,
    a_submitted,
    a_year,
    an_approved,
    approved,
    billed,
    noted,
    pay,
    pay_clearing,
)
from tests.builder.damage import differing

pytestmark = pytest.mark.django_db


def owing(provider: Provider, amount: str) -> ProviderStatement:
    """January's statement of the next year, approved, left below zero by a deduction."""
    noted(provider, amount, found_on=date(2024, 1, 9), today=NEW_YEAR)
    facts: dict[str, Any] = {"month": date(2024, 1, 1), "today": date(2024, 2, 5), "actor": somebody("clerk")}
    january = submit_statement(draft_statement(provider, **facts), actor=somebody("clerk"))
    return approve_statement(january, today=date(2024, 2, 5), actor=somebody("supervisor"))


def test_a_retention_is_set_off_against_what_the_provider_owes() -> None:
    """Of 31.50, 10.00 are kept and 21.50 are left. They take 20.00 of debt away; the next statement carries none."""
    provider = a_year()
    january = owing(provider, "20.00")
    assert january.owed == Decimal("20.00")
    clearing = an_approved(provider)
    assert (clearing.against, clearing.set_off, clearing.released) == (january, Decimal("20.00"), Decimal("1.50"))
    assert pay_clearing(clearing).state == StatementState.PAID
    assert january.owed == 0
    facts: dict[str, Any] = {"actor": somebody("clerk"), "today": date(2024, 3, 5)}
    billed(provider, "300.00", date(2024, 2, 6), today=date(2024, 2, 6))
    assert draft_statement(provider, month=date(2024, 2, 1), **facts).carried == 0


def test_what_a_retention_does_not_cover_is_carried_on() -> None:
    provider = a_year()
    owing(provider, "50.00")
    clearing = an_approved(provider)
    assert (clearing.set_off, clearing.released) == (Decimal("21.50"), Decimal("0.00"))
    with pytest.raises(DomainError):
        pay_clearing(clearing)
    billed(provider, "300.00", date(2024, 2, 6), today=date(2024, 2, 6))
    facts: dict[str, Any] = {"actor": somebody("clerk"), "today": date(2024, 3, 5)}
    february = draft_statement(provider, month=date(2024, 2, 1), **facts)
    assert february.carried == Decimal("-28.50")
    # The books agree with all of it once it is approved.
    approve_statement(
        submit_statement(february, actor=somebody("clerk")), today=date(2024, 3, 5), actor=somebody("supervisor")
    )
    assert differing(provider.region) == {}


def test_a_debt_that_changes_meanwhile_voids_the_submission() -> None:
    provider = a_year()
    clearing = a_submitted(provider)
    owing(provider, "20.00")
    with pytest.raises(SubmissionVoided):
        service.approve_clearing(clearing, today=date(2024, 2, 6), actor=somebody("supervisor"))
    service.return_clearing(clearing, actor=somebody("supervisor"), reason="the provider owes something")
    again = service.submit_clearing(clearing, actor=somebody("clerk"))
    assert (again.set_off, again.released) == (Decimal("20.00"), Decimal("1.50"))


def test_while_a_statement_carries_the_debt_nothing_is_released() -> None:
    provider = a_year()
    owing(provider, "20.00")
    billed(provider, "300.00", date(2024, 2, 6), today=date(2024, 2, 6))
    facts: dict[str, Any] = {"actor": somebody("clerk"), "today": date(2024, 3, 5)}
    draft_statement(provider, month=date(2024, 2, 1), **facts)
    with pytest.raises(DomainError):
        a_draft(provider)
    assert a_draft(provider, "31.50").released == 0


def test_a_clearing_adds_up_and_its_figures_are_those_of_now() -> None:
    """700.00 less 20.00 deducted and 31.50 retained; March's 512.00 were paid when it was drafted, April's since."""
    provider = a_provider()
    member = retiree()
    give(member, "100.00")
    billed(provider)
    noted(provider)
    pay(approved(provider))
    billed(provider, "300.00", date(2023, 4, 3), member=member, pay_from_account=True)
    april = approved(provider, APRIL)
    clearing = a_draft(provider)
    assert (clearing.account, clearing.spent, clearing.carried) == (Decimal("100.00"), Decimal(0), Decimal(0))
    assert (clearing.paid, clearing.outstanding) == (Decimal("512.00"), Decimal("166.50"))
    pay(april, today=NEW_YEAR, paid_on=NEW_YEAR)
    submitted_one = service.submit_clearing(clearing, actor=somebody("clerk"))
    assert (submitted_one.paid, submitted_one.outstanding) == (Decimal("678.50"), Decimal(0))
    assert service.approve_clearing(clearing, today=NEW_YEAR, actor=somebody("supervisor")).paid == Decimal("678.50")


def test_a_years_last_month_is_drafted_before_the_next_years_first() -> None:
    """October's 70.00 of a provider whose newest statement is April's: any statement of 2023 takes it, none of 2024."""
    provider = a_year()
    billed(provider, "300.00", date(2023, 10, 9))
    billed(provider, "1000.00", date(2024, 1, 8), today=date(2024, 1, 8))
    january: dict[str, Any] = {"month": date(2024, 1, 1), "today": date(2024, 2, 5), "actor": somebody("clerk")}
    with pytest.raises(DomainError, match="2023-10") as refused:
        draft_statement(provider, **january)
    assert refused.value.details["field"] == "month"
    december = draft_statement(provider, **january | {"month": date(2023, 12, 1)})
    assert december.pooled == Decimal("70.00")
    submit_statement(december, actor=somebody("clerk"))
    approve_statement(december, today=NEW_YEAR, actor=somebody("supervisor"))
    assert draft_statement(provider, **january).entries.count() == 1
    assert a_draft(provider, "0.00").retained == Decimal("35.00")


def test_a_deduction_found_in_a_year_is_taken_in_it() -> None:
    provider = a_year()
    noted(provider, "9.00", found_on=date(2023, 11, 3), today=date(2023, 11, 3))
    billed(provider, "1000.00", date(2024, 1, 8), today=date(2024, 1, 8))
    with pytest.raises(DomainError, match="2023-11"):
        draft_statement(provider, month=date(2024, 1, 1), today=date(2024, 2, 5), actor=somebody("clerk"))


def test_what_is_posted_late_for_a_year_that_has_its_december_enters_the_next() -> None:
    provider = a_provider()
    billed(provider, "300.00", date(2023, 12, 4))
    facts: dict[str, Any] = {"today": date(2024, 2, 5), "actor": somebody("clerk")}
    december = submit_statement(draft_statement(provider, month=date(2023, 12, 1), **facts), actor=somebody("clerk"))
    approve_statement(december, today=NEW_YEAR, actor=somebody("supervisor"))
    billed(provider, "300.00", date(2023, 12, 20))
    assert draft_statement(provider, month=date(2024, 1, 1), **facts).pooled == Decimal("70.00")
