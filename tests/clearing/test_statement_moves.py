"""Who submits, approves and pays a provider's statement, and what the database refuses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from clearing.models import ProviderStatement, StatementState
from clearing.services import statements as service
from providers.models import Provider
from tests.builder import somebody
from tests.builder.clearing import APRIL, LATER, MAY, a_provider, approved, billed, drafted, noted, pay, submitted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db


# --- Moves ---


def test_paying_moves_the_money_to_the_bank() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    april = date(2023, 4, 20)
    statement = service.approve_statement(submitted(provider), today=april, actor=somebody("supervisor"))
    found = pay(statement, paid_on=april)
    entry = LedgerEntry.objects.get(key=f"statement:{found.pk}")
    assert (entry.kind, entry.amount, entry.debit.kind, entry.credit.kind, entry.provider, entry.posted_on) == (
        EntryKind.PROVIDER_PAYMENT,
        Decimal("66.50"),
        AccountKind.PROVIDER_PAYABLE,
        AccountKind.BANK,
        provider,
        date(2023, 4, 20),
    )
    assert (found.paid_by, found.paid_on, found.bank_reference) == (somebody("cashier"), entry.posted_on, "ICBC1")
    # What was paid is not settled again.
    with pytest.raises(DomainError):
        drafted(provider, APRIL)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"bank_reference": " "}, "bank_reference"),
        ({"paid_on": date(2023, 9, 5)}, "paid_on"),
        ({"paid_on": date(2023, 3, 31)}, "paid_on"),
        ({"paid_on": date(2023, 9, 3)}, "paid_on"),
    ],
)
def test_a_payment_is_noted_with_its_day_and_reference(wrong: dict[str, Any], field: str) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    with pytest.raises(DomainError) as refused:
        pay(found, **wrong)
    assert refused.value.details["field"] == field


def test_without_a_bank_account_what_is_due_is_not_submitted() -> None:
    provider = a_provider(with_account=False)
    billed(provider, "300.00")
    found = drafted(provider)
    with pytest.raises(DomainError):
        service.submit_statement(found, actor=somebody("clerk"))
    assert not ProviderStatement.objects.exclude(state=S.DRAFT).exists()


def test_with_nothing_due_no_bank_account_is_needed() -> None:
    provider = a_provider(with_account=False)
    noted(provider)
    assert approved(provider).payee_account == ""


def test_approved_is_what_was_submitted() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = submitted(provider)
    rewrite(ProviderStatement.objects.filter(pk=found.pk), retained=0, payable=Decimal("70.00"))
    with pytest.raises(SubmissionVoided):
        service.approve_statement(found, today=LATER, actor=somebody("supervisor"))


S = StatementState


def test_a_returned_statement_is_submitted_again() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = submitted(provider)
    with pytest.raises(DomainError):
        service.return_statement(found, actor=somebody("supervisor"), reason=" ")
    service.return_statement(found, actor=somebody("supervisor"), reason="a bill is missing")
    again = service.submit_statement(found, actor=somebody("cashier"))
    with pytest.raises(SamePersonDecides):
        service.approve_statement(again, today=LATER, actor=somebody("clerk"))
    decided = service.approve_statement(again, today=LATER, actor=somebody("supervisor"))
    assert decided.decided_by == somebody("supervisor")


# --- Below zero ---


def in_debt(provider: Provider) -> ProviderStatement:
    """April's approved statement, left at -20.00 by a deduction."""
    noted(provider, "20.00", found_on=APRIL)
    return approved(provider, APRIL)


def repay(statement: ProviderStatement, **overrides: Any) -> ProviderStatement:
    facts: dict[str, Any] = {"paid_on": LATER, "today": LATER, "bank_reference": "ICBC9", "actor": somebody("cashier")}
    return service.note_repayment(statement, **(facts | overrides))


def test_what_a_provider_pays_back_is_not_carried() -> None:
    provider = a_provider()
    found = repay(in_debt(provider))
    entry = LedgerEntry.objects.get(key=f"statement:{found.pk}")
    assert (entry.kind, entry.amount, entry.debit.kind, entry.credit.kind, entry.provider) == (
        EntryKind.PROVIDER_REPAYMENT,
        Decimal("20.00"),
        AccountKind.BANK,
        AccountKind.PROVIDER_PAYABLE,
        provider,
    )
    assert (found.state, found.owed, found.paid_by) == (S.PAID, Decimal(0), somebody("cashier"))
    billed(provider, "300.00", date(2023, 5, 3))
    assert drafted(provider, MAY).payable == Decimal("66.50")


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": "clerk"},
        {"actor": "supervisor"},
        {"bank_reference": " "},
        {"paid_on": date(2023, 9, 5)},
        {"paid_on": date(2023, 9, 3)},
    ],
    ids=str,
)
def test_a_repayment_is_noted_as_a_payment_is(wrong: dict[str, Any]) -> None:
    found = in_debt(a_provider())
    if "actor" in wrong:
        wrong = {"actor": somebody(wrong["actor"])}
    with pytest.raises(DomainError):
        repay(found, **wrong)
    assert not LedgerEntry.objects.filter(kind=EntryKind.PROVIDER_REPAYMENT).exists()


def test_what_is_payable_or_carried_on_is_not_paid_back() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    march = approved(provider)
    with pytest.raises(DomainError):
        repay(march)
    april = in_debt(provider)
    billed(provider, "300.00", date(2023, 5, 3))
    may = drafted(provider, MAY)
    assert may.carried == Decimal("-20.00")
    with pytest.raises(DomainError):
        repay(april)
