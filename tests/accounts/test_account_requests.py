"""Freezing, unfreezing, transfers in and refunds: what they do, when they are refused, in two people's hands."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import (
    AccountKind,
    AccountRequest,
    AccountState,
    DecisionState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
)
from accounts.services.account_requests import (
    approve_account_request,
    refuse_account_request,
    submit_freeze,
    submit_refund,
    submit_transfer_in,
    submit_unfreeze,
)
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.ledger import AccountIsClosed, book
from agency.exceptions import DomainError
from agency.models import User
from members.models import Member
from members.services.people import record_death
from policies.engine.vocabulary import AccountScheme, ClosingReason
from tests import builder
from tests.builder.accounts import SINCE, authorized, balance_of, bought, holder, paid, put, state_of

pytestmark = pytest.mark.django_db

DAY, TODAY = date(2023, 4, 3), date(2023, 4, 10)
PAPER = "平医保函〔2023〕7号"


def asked(maker: User, **overrides: Any) -> dict[str, Any]:
    return {"on": DAY, "document": PAPER, "actor": maker, "reason": builder.REASON} | overrides


def transfer(member: Member, maker: User, **overrides: Any) -> AccountRequest:
    facts: dict[str, Any] = {"amount": Decimal("321.00"), "other_agency": "兰州市医保局"} | asked(maker) | overrides
    return submit_transfer_in(member, **facts)


def payment(member: Member, amount: str = "10.00", key: str = "k") -> LedgerEntry:
    return bought(member, amount, SINCE, key).entry


def approved(request: AccountRequest, checker: User) -> AccountRequest:
    return approve_account_request(request, today=TODAY, actor=checker)


# --- Freezing and unfreezing ---


def test_an_account_is_frozen_and_unfrozen_by_decision(maker: User, checker: User) -> None:
    member = holder()
    freezing = submit_freeze(member, **asked(maker))
    assert state_of(member) == AccountState.OPEN
    assert approved(freezing, checker).state == DecisionState.APPROVED
    assert state_of(member) == AccountState.FROZEN
    approved(submit_unfreeze(member, **asked(maker)), checker)
    assert (state_of(member), balance_of(member)) == (AccountState.OPEN, Decimal("100.00"))


@pytest.mark.parametrize("state", [AccountState.FROZEN, AccountState.CLOSED])
def test_only_an_open_account_is_frozen(maker: User, checker: User, state: AccountState) -> None:
    member = holder()
    waiting = submit_freeze(member, **asked(maker))
    put(member, state)
    with pytest.raises(DomainError):
        submit_freeze(member, **asked(maker))
    with pytest.raises(DomainError):
        approved(waiting, checker)
    assert state_of(member) == state


@pytest.mark.parametrize("state", [AccountState.OPEN, AccountState.CLOSED])
def test_only_a_frozen_account_is_unfrozen(maker: User, checker: User, state: AccountState) -> None:
    member = holder()
    put(member, AccountState.FROZEN)
    waiting = submit_unfreeze(member, **asked(maker))
    put(member, state)
    with pytest.raises(DomainError):
        submit_unfreeze(member, **asked(maker))
    with pytest.raises(DomainError):
        approved(waiting, checker)
    assert state_of(member) == state


def test_without_an_account_nothing_is_frozen(maker: User) -> None:
    member = builder.insured(builder.region("pingliang"))
    for submit in (submit_freeze, submit_unfreeze):
        with pytest.raises(DomainError):
            submit(member, **asked(maker))


def test_a_frozen_account_is_closed_after_a_death(maker: User, checker: User) -> None:
    member = holder()
    approved(submit_freeze(member, **asked(maker)), checker)
    record_death(member, died_on=DAY, known_on=TODAY, reason="reported")
    closing = submit_closing(member, closing_reason=ClosingReason.DEATH, on=DAY, actor=maker, reason=builder.REASON)
    assert approve_closing(closing, today=TODAY, actor=checker).amount == Decimal("100.00")
    assert state_of(member) == AccountState.CLOSED


# --- Transfers in ---


@pytest.mark.parametrize("state", [AccountState.OPEN, AccountState.FROZEN])
def test_a_transferred_balance_comes_from_the_book_of_transfers(
    maker: User, checker: User, state: AccountState
) -> None:
    member = holder()
    put(member, state)
    found = approved(transfer(member, maker), checker)
    entry = LedgerEntry.objects.get(key=f"account_request:{found.pk}")
    assert (entry.kind, entry.amount, entry.posted_on, entry.posted_by) == (
        EntryKind.TRANSFER_IN,
        Decimal("321.00"),
        TODAY,
        checker,
    )
    assert (entry.debit, entry.cause) == (book(member.region, AccountKind.TRANSFERS), f"account_request:{found.pk}")
    assert balance_of(member) == Decimal("421.00")


def test_it_opens_the_account_where_there_is_none(maker: User, checker: User) -> None:
    member = builder.insured(builder.region("pingliang"))
    request = transfer(member, maker)
    assert not LedgerAccount.objects.filter(member=member).exists()
    approved(request, checker)
    account = LedgerAccount.objects.get(member=member)
    assert (account.balance, account.state, account.region) == (Decimal("321.00"), AccountState.OPEN, member.region)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal("0.00")},
        {"amount": Decimal("-1.00")},
        {"amount": Decimal("1.001")},
        {"other_agency": " "},
        {"document": ""},
        {"document": "  "},
        {"reason": " "},
    ],
)
def test_a_transfer_names_amount_agency_and_document(maker: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        transfer(holder(), maker, **wrong)
    assert not AccountRequest.objects.exists()


def test_the_balance_of_one_document_is_transferred_in_once(maker: User, checker: User) -> None:
    member = holder()
    first = transfer(member, maker)
    with pytest.raises(DomainError):
        transfer(member, maker, amount=Decimal("1.00"))
    approved(first, checker)
    with pytest.raises(DomainError):
        transfer(member, maker)
    for other in ({"document": "兰医保函〔2023〕8号"}, {"other_agency": "天水市医保局"}):
        approved(transfer(member, maker, **other), checker)
    assert balance_of(member) == Decimal("1063.00")


def test_a_refused_transfer_may_be_asked_for_again(maker: User, checker: User) -> None:
    member = holder()
    refuse_account_request(transfer(member, maker), actor=checker, reason="the money has not arrived")
    assert balance_of(member) == Decimal("100.00")
    approved(transfer(member, maker), checker)
    assert balance_of(member) == Decimal("421.00")


def test_a_pooled_only_member_has_no_account_to_transfer_into(maker: User, checker: User) -> None:
    member = builder.insured(builder.region("dazhou"), scheme=AccountScheme.POOLED_ONLY)
    with pytest.raises(DomainError):
        transfer(member, maker)
    assert not LedgerAccount.objects.filter(member=member).exists()


def test_somebody_who_is_not_insured_gets_no_account(maker: User, checker: User) -> None:
    with pytest.raises(DomainError):
        transfer(builder.a_member(builder.region("pingliang")), maker)
    later = builder.insured(builder.region("pingliang"), since=TODAY)
    with pytest.raises(DomainError):
        transfer(later, maker)
    approved(transfer(later, maker, on=TODAY), checker)
    assert balance_of(later) == Decimal("321.00")


def test_nothing_is_transferred_into_a_closed_account(maker: User, checker: User) -> None:
    member = holder()
    waiting = transfer(member, maker)
    put(member, AccountState.CLOSED)
    with pytest.raises(DomainError):
        transfer(member, maker, document="another")
    with pytest.raises(DomainError):
        approved(waiting, checker)
    assert balance_of(member) == Decimal("100.00")


# --- Refunds ---


def test_a_refund_returns_the_whole_payment_to_its_account(maker: User, checker: User) -> None:
    member = holder()
    entry = payment(member)
    found = approved(submit_refund(entry, **asked(maker)), checker)
    counter = LedgerEntry.objects.get(reverses=entry)
    assert (counter.kind, counter.amount, counter.posted_on, counter.posted_by) == (
        EntryKind.REVERSAL,
        Decimal("10.00"),
        TODAY,
        checker,
    )
    assert (counter.debit_id, counter.credit_id) == (entry.credit_id, entry.debit_id)
    assert counter.cause == f"account_request:{found.pk}"
    assert (found.member, balance_of(member)) == (member, Decimal("100.00"))


def test_a_refund_of_what_a_relative_used_returns_to_the_holder(maker: User, checker: User) -> None:
    owner, relative = holder(), holder("7.00")
    authorized(owner, relative, maker, checker)
    paid(owner, relative, SINCE)
    entry = LedgerEntry.objects.get(kind=EntryKind.SPENDING)
    found = approved(submit_refund(entry, **asked(maker)), checker)
    assert found.member == owner
    assert (balance_of(owner), balance_of(relative)) == (Decimal("100.00"), Decimal("7.00"))


def test_a_refund_reaches_a_frozen_account(maker: User, checker: User) -> None:
    member = holder()
    entry = payment(member)
    put(member, AccountState.FROZEN)
    approved(submit_refund(entry, **asked(maker)), checker)
    assert (balance_of(member), state_of(member)) == (Decimal("100.00"), AccountState.FROZEN)


def test_a_payment_is_refunded_once(maker: User, checker: User) -> None:
    member = holder()
    entry = payment(member)
    first = submit_refund(entry, **asked(maker))
    with pytest.raises(DomainError):
        submit_refund(entry, **asked(maker, document="another"))
    approved(first, checker)
    with pytest.raises(DomainError):
        submit_refund(entry, **asked(maker))
    other = payment(member, key="other")
    approved(submit_refund(other, **asked(maker)), checker)
    assert balance_of(member) == Decimal("100.00")


@pytest.mark.parametrize(("on", "refused"), [(date(2023, 3, 9), True), (SINCE, False)])
def test_a_refund_does_not_lie_before_the_payment(maker: User, on: date, refused: bool) -> None:
    entry = payment(holder())
    if refused:
        with pytest.raises(DomainError) as caught:
            submit_refund(entry, **asked(maker, on=on))
        assert caught.value.details == {"field": "on"}
    else:
        assert submit_refund(entry, **asked(maker, on=on)).entry == entry


def test_a_closed_account_takes_no_refund(maker: User, checker: User) -> None:
    member = holder()
    entry, other = payment(member), payment(member, key="other")
    waiting = submit_refund(entry, **asked(maker))
    put(member, AccountState.CLOSED)
    with pytest.raises(DomainError):
        submit_refund(other, **asked(maker))
    with pytest.raises(DomainError) as caught:
        approved(waiting, checker)
    # Refused before the ledger has to.
    assert not isinstance(caught.value, AccountIsClosed)
    assert balance_of(member) == Decimal("80.00")
