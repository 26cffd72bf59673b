"""Two at the same instant, on the real database: a month is drafted once, approved once and paid once."""

import pytest

from accounts.models import EntryKind, LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from clearing.models import ProviderStatement, StatementEntry
from clearing.services.statements import approve_statement, draft_statement
from tests.builder import somebody
from tests.builder.clearing import LATER, MARCH, a_provider, approved, billed, pay, submitted
from tests.builder.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_drafts_at_once_are_one() -> None:
    provider, people = a_provider(), [somebody("clerk"), somebody("colleague")]
    for _number in range(3):
        billed(provider, "300.00")
    found = together(
        *[lambda actor=actor: draft_statement(provider, month=MARCH, today=LATER, actor=actor) for actor in people]
    )
    assert sorted(type(outcome) is ProviderStatement for outcome in found) == [False, True]
    assert sum(isinstance(outcome, DomainError) for outcome in found) == 1
    assert StatementEntry.objects.count() == 3


def test_two_approvals_at_once_are_one() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    statement, people = submitted(provider), [somebody("supervisor"), somebody("second")]
    found = together(*[lambda actor=actor: approve_statement(statement, today=LATER, actor=actor) for actor in people])
    assert sum(isinstance(outcome, MoveNotAllowed) for outcome in found) == 1


def test_two_payments_at_once_are_one() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    statement, people = approved(provider), [somebody("cashier"), somebody("treasurer")]
    found = together(*[lambda actor=actor: pay(statement, actor=actor) for actor in people])
    assert sum(isinstance(outcome, MoveNotAllowed) for outcome in found) == 1
    assert LedgerEntry.objects.filter(kind=EntryKind.PROVIDER_PAYMENT).count() == 1
