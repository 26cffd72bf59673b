"""What the database keeps of statements, and to which bank account they are paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import ProtectedError

from accounts.models import EntryKind, LedgerEntry
from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from clearing.models import ProviderStatement, StatementState
from clearing.services import statements as service
from providers.models import Provider
from providers.services.details import set_payee
from tests.builder import somebody
from tests.builder.clearing import ACCOUNT, APRIL, LATER, a_provider, approved, billed, drafted, pay, submitted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db

S = StatementState
WAYS = {S.SUBMITTED: submitted, S.APPROVED: approved, S.PAID: lambda it: pay(approved(it))}

# --- The database ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"payable": Decimal("70.00")},
        {"month": date(2023, 3, 2)},
        {"carried": Decimal("1.00"), "payable": Decimal("67.50")},
        {"state": "approved"},
        {"state": "paid"},
        {"paid_on": LATER},
    ],
    ids="-".join,
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = drafted(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(ProviderStatement.objects.filter(pk=found.pk), **wrong)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.APPROVED, S.PAID])
def test_the_database_keeps_the_entries_of_what_was_submitted(state: StatementState) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = WAYS[state](provider)
    billed(provider, "300.00", date(2023, 4, 3))
    unstated = LedgerEntry.objects.filter(statement_entry__isnull=True, provider=provider)
    late = unstated.exclude(kind=EntryKind.PROVIDER_PAYMENT).get()
    another = ProviderStatement.objects.create(provider=provider, month=APRIL)
    wrongs: tuple[Any, ...] = (
        lambda: found.entries.all().delete(),
        lambda: found.entries.update(statement=another),
        lambda: found.entries.create(entry=late),
    )
    for wrong in wrongs:
        with pytest.raises(ProgrammingError, match="kept once it is submitted"), transaction.atomic():
            wrong()
    with pytest.raises(ProtectedError):
        found.delete()
    assert found.entries.count() == 1


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (S.APPROVED, {"pooled": Decimal("71.00"), "payable": Decimal("67.50")}),
        (S.APPROVED, {"state": "draft"}),
        (S.APPROVED, {"month": APRIL}),
        (S.APPROVED, {"approved_on": date(2023, 9, 3)}),
        (S.PAID, {"state": "approved", "paid_on": None, "paid_by": None, "bank_reference": ""}),
        (S.PAID, {"payee_account": "6217000000000000001"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
def test_the_database_keeps_what_was_approved(state: StatementState, wrong: dict[str, Any]) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = WAYS[state](provider)
    with pytest.raises(ProgrammingError, match="changes by its own moves alone"), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk).update(**wrong)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk)._raw_delete("default")


def test_the_database_lets_nothing_be_paid_before_its_approval() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    too_early: dict[str, Any] = {"state": "paid", "paid_on": date(2023, 9, 3), "paid_by": somebody("cashier")}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk).update(**too_early)


@pytest.mark.parametrize("who", ["clerk", "supervisor"])
def test_the_database_lets_a_third_person_pay(who: str) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk).update(state="paid", paid_on=LATER, paid_by=somebody(who))


def test_another_bank_account_voids_the_submission() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = submitted(provider)
    set_payee(provider, bank="建设银行", account="6217000000000000001", actor=somebody("clerk"), reason="moved")
    with pytest.raises(SubmissionVoided):
        service.approve_statement(found, today=LATER, actor=somebody("supervisor"))


# --- The bank account ---


def moved_to(provider: Provider, who: str) -> None:
    """Somebody enters another bank account."""
    set_payee(provider, bank="建设银行", account="6217000000000000001", actor=somebody(who), reason="moved")


def test_an_account_entered_after_the_approval_is_paid_once_another_person_has_confirmed_it() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    assert (found.payee_bank, found.payee_account) == ("工商银行平凉分行", ACCOUNT)
    moved_to(provider, "cashier")
    with pytest.raises(SubmissionVoided):
        pay(found)
    with pytest.raises(SamePersonDecides):
        service.confirm_statement_payee(
            found, account="6217000000000000001", actor=somebody("cashier"), reason="letter of the provider"
        )
    with pytest.raises(DomainError):
        service.confirm_statement_payee(found, account="6217000000000000001", actor=somebody("supervisor"), reason=" ")
    with pytest.raises(DomainError) as refused:
        service.confirm_statement_payee(found, account=ACCOUNT, actor=somebody("supervisor"), reason="read aloud")
    assert refused.value.details["field"] == "account"
    assert not LedgerEntry.objects.filter(kind=EntryKind.PROVIDER_PAYMENT).exists()
    service.confirm_statement_payee(
        found, account="6217000000000000001", actor=somebody("supervisor"), reason="letter of the provider"
    )
    paid = pay(found)
    paid.refresh_from_db()
    assert (paid.payee_account, paid.payee_confirmed_by) == ("6217000000000000001", somebody("supervisor"))


def test_whoever_confirmed_an_account_does_not_pay_to_it() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    moved_to(provider, "clerk")
    service.confirm_statement_payee(
        found, account="6217000000000000001", actor=somebody("second cashier"), reason="letter of the provider"
    )
    with pytest.raises(SamePersonDecides):
        pay(found, actor=somebody("second cashier"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk).update(
            state="paid", paid_on=LATER, paid_by=somebody("second cashier")
        )
    assert pay(found).state == S.PAID


def test_the_approved_account_entered_again_is_paid_and_nothing_is_confirmed_without_need() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    moved_to(provider, "cashier")
    set_payee(provider, bank="工商银行平凉分行", account=ACCOUNT, actor=somebody("cashier"), reason="wrong letter")
    with pytest.raises(DomainError):
        service.confirm_statement_payee(found, account="6217000000000000001", actor=somebody("supervisor"), reason="r")
    assert pay(found).payee_account == ACCOUNT


def test_an_account_entered_again_by_a_second_person_is_still_the_first_ones() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = approved(provider)
    moved_to(provider, "cashier")
    moved_to(provider, "somebody else")
    with pytest.raises(SamePersonDecides):
        service.confirm_statement_payee(found, account="6217000000000000001", actor=somebody("cashier"), reason="r")
