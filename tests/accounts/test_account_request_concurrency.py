"""Two clicks at the same instant, on the real database: done once, and the second click is told so."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AccountKind, AccountRequest, AccountState, DecisionState, LedgerAccount, LedgerEntry
from accounts.services.account_requests import (
    approve_account_request,
    submit_freeze,
    submit_refund,
    submit_transfer_in,
)
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.ledger import book
from accounts.services.spending import Spending, SpendingRefused
from agency.exceptions import DomainError, MoveNotAllowed
from members.models import Member
from policies.engine.vocabulary import ClosingReason
from tests import builder
from tests.builder.accounts import SINCE, balance_of, bought, holder
from tests.builder.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

DAY = date(2023, 4, 3)


def paying(member: Member, amount: str, key: str) -> Callable[[], object]:
    builder.pharmacy(member.region)
    return lambda: bought(member, amount, SINCE, key)


def approving(request: AccountRequest, name: str) -> Callable[[], object]:
    checker = builder.staff(name)
    return lambda: approve_account_request(request, today=DAY, actor=checker)


def test_a_transfer_approved_twice_at_once_is_posted_once() -> None:
    member = holder()
    book(member.region, AccountKind.TRANSFERS)
    request = submit_transfer_in(
        member,
        amount=Decimal("50.00"),
        other_agency="兰州市医保局",
        on=DAY,
        document="第7号",
        actor=builder.staff("maker"),
        reason=builder.REASON,
    )
    found = together(approving(request, "one"), approving(request, "two"))
    assert sorted(type(each).__name__ for each in found) == [AccountRequest.__name__, MoveNotAllowed.__name__]
    assert balance_of(member) == Decimal("150.00")


def test_a_refund_asked_for_and_approved_twice_at_once_returns_once() -> None:
    member = holder()
    entry = bought(member, "10.00", SINCE).entry
    maker = builder.staff("maker")

    def ask(document: str) -> Callable[[], object]:
        return lambda: submit_refund(entry, on=DAY, document=document, actor=maker, reason=builder.REASON)

    found = together(ask("a"), ask("b"))
    (request,) = [each for each in found if isinstance(each, AccountRequest)]
    assert len([each for each in found if isinstance(each, DomainError)]) == 1
    decided = together(approving(request, "one"), approving(request, "two"))
    assert len([each for each in decided if isinstance(each, MoveNotAllowed)]) == 1
    assert LedgerEntry.objects.filter(reverses=entry).count() == 1
    assert balance_of(member) == Decimal("100.00")


def test_a_freeze_and_a_payment_at_once_come_one_after_the_other() -> None:
    """Whichever is first: what was paid is in the balance, and what comes after the freeze is refused."""
    member = holder()
    request = submit_freeze(member, on=DAY, document="第7号", actor=builder.staff("maker"), reason=builder.REASON)
    frozen, payment = together(approving(request, "one"), paying(member, "60.00", "k"))
    assert isinstance(frozen, AccountRequest)
    assert LedgerAccount.objects.get(member=member).state == AccountState.FROZEN
    if isinstance(payment, Spending):
        assert balance_of(member) == Decimal("40.00")
    else:
        assert isinstance(payment, SpendingRefused)
        assert payment.reason == "account_frozen"
        assert balance_of(member) == Decimal("100.00")


def test_a_closing_and_a_payment_at_once_never_pay_the_same_yuan() -> None:
    member = holder(slug="kaifeng")
    for kind in (AccountKind.MEMBER_PAYABLE, AccountKind.PROVIDER_PAYABLE):
        book(member.region, kind)
    closing = submit_closing(
        member, closing_reason=ClosingReason.EMIGRATION, on=DAY, actor=builder.staff("maker"), reason=builder.REASON
    )
    checker = builder.staff("checker")
    closed, payment = together(lambda: approve_closing(closing, today=DAY, actor=checker), paying(member, "60.00", "k"))
    closing.refresh_from_db()
    if isinstance(payment, Spending):
        # The balance is no longer what was submitted.
        assert isinstance(closed, DomainError)
        assert (closing.state, balance_of(member)) == (DecisionState.SUBMITTED, Decimal("40.00"))
    else:
        assert isinstance(payment, SpendingRefused)
        assert payment.reason == "account_closed"
        assert (closing.state, closing.amount) == (DecisionState.APPROVED, Decimal("100.00"))
