"""Closing an account: for the region's reasons, by two people, and nothing moves on it afterwards."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    DecisionState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
)
from accounts.services.closing import approve_closing, refuse_closing
from accounts.services.credit_runs import last_day_of_month
from accounts.services.ledger import book
from accounts.services.spending import SpendingRefused
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from members.models import Member
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason
from tests import builder
from tests.builder.accounts import account_of, bought, give
from tests.builder.closings import asked_to_close, closed
from tests.builder.credit_runs import posted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db

DAY = date(2023, 6, 15)
LATER = date(2023, 6, 20)
DEATH, EMIGRATION, TRANSFER, NO_ACCOUNT = ClosingReason


def holder(slug: str = "kaifeng", balance: str = "123.45", *, died: bool = False) -> Member:
    """A retiree whose account holds the amount; Kaifeng names all four reasons."""
    member = builder.retiree(slug)
    give(member, balance)
    if died:
        member = record_death(member, died_on=DAY, known_on=DAY, reason="reported")
    return member


# --- Reasons ---

ALLOWED = {
    "pingliang": {DEATH},
    "dazhou": {DEATH, TRANSFER},
    "zaozhuang": set(ClosingReason),
    "kaifeng": set(ClosingReason),
    "baoshan": {DEATH, TRANSFER, NO_ACCOUNT},
}
KINDS = {
    DEATH: EntryKind.INHERITANCE,
    EMIGRATION: EntryKind.WITHDRAWAL,
    TRANSFER: EntryKind.TRANSFER_OUT,
    NO_ACCOUNT: EntryKind.WITHDRAWAL,
}


@pytest.mark.parametrize("reason", ClosingReason)
@pytest.mark.parametrize("slug", ALLOWED)
def test_a_region_pays_out_for_its_reasons_alone(maker: User, checker: User, slug: str, reason: ClosingReason) -> None:
    member = holder(slug, died=reason == DEATH)
    if reason not in ALLOWED[slug]:
        with pytest.raises(DomainError, match="第"):
            asked_to_close(member, maker, DAY, reason)
        assert not AccountClosing.objects.exists()
        assert account_of(member).state == AccountState.OPEN
        return
    closing = approve_closing(asked_to_close(member, maker, DAY, reason), today=LATER, actor=checker)
    assert (closing.amount, closing.state) == (Decimal("123.45"), DecisionState.APPROVED)
    account = account_of(member)
    assert (account.balance, account.state) == (Decimal("0.00"), AccountState.CLOSED)
    entry = LedgerEntry.objects.get(debit=account)
    assert (entry.amount, entry.kind, entry.posted_on) == (Decimal("123.45"), KINDS[reason], LATER)
    payable = AccountKind.TRANSFERS if reason == TRANSFER else AccountKind.MEMBER_PAYABLE
    assert entry.credit == book(member.region, payable)


def test_a_death_must_be_recorded_first(maker: User) -> None:
    member = holder()
    with pytest.raises(DomainError):
        asked_to_close(member, maker, DAY)
    member = record_death(member, died_on=DAY, known_on=DAY, reason="reported")
    assert asked_to_close(member, maker, DAY).state == DecisionState.SUBMITTED


@pytest.mark.parametrize(("on", "refused"), [(date(2023, 6, 14), True), (DAY, False), (LATER, False)])
def test_an_account_is_not_closed_for_a_death_before_the_day_of_death(maker: User, on: date, refused: bool) -> None:
    member = holder(died=True)
    if refused:
        with pytest.raises(DomainError, match="2023-06-15"):
            asked_to_close(member, maker, on)
        assert not AccountClosing.objects.exists()
    else:
        assert asked_to_close(member, maker, on).closed_on == on


def test_a_death_recorded_while_the_page_was_open_counts(maker: User) -> None:
    member = holder()
    record_death(member, died_on=DAY, known_on=DAY, reason="reported")
    assert member.died_on is None
    assert asked_to_close(member, maker, DAY).state == DecisionState.SUBMITTED


def test_a_closing_is_not_approved_before_its_day(maker: User, checker: User) -> None:
    member = holder()
    found = asked_to_close(member, maker, LATER, TRANSFER)
    with pytest.raises(DomainError, match="2023-06-20"):
        approve_closing(found, today=date(2023, 6, 19), actor=checker)
    assert (account_of(member).balance, account_of(member).state) == (Decimal("123.45"), AccountState.OPEN)
    assert approve_closing(found, today=LATER, actor=checker).amount == Decimal("123.45")


@pytest.mark.parametrize("reason", ClosingReason)
def test_a_frozen_account_is_closed_and_paid_out(maker: User, checker: User, reason: ClosingReason) -> None:
    member = holder(died=reason == DEATH)
    LedgerAccount.objects.filter(member=member).update(state=AccountState.FROZEN)
    closing = closed(member, maker, checker, DAY, reason=reason)
    assert closing.amount == Decimal("123.45")
    assert (account_of(member).balance, account_of(member).state) == (Decimal("0.00"), AccountState.CLOSED)


def test_without_an_account_there_is_nothing_to_close(maker: User) -> None:
    with pytest.raises(DomainError):
        asked_to_close(builder.insured(builder.region("kaifeng")), maker, DAY, TRANSFER)


def test_a_closing_is_asked_for_once(maker: User, checker: User) -> None:
    member = holder()
    first = asked_to_close(member, maker, DAY, TRANSFER)
    for reason in (TRANSFER, EMIGRATION):
        with pytest.raises(DomainError):
            asked_to_close(member, checker, DAY, reason)
    refuse_closing(first, actor=checker, reason="no papers")
    second = asked_to_close(member, maker, DAY, TRANSFER)
    approve_closing(second, today=DAY, actor=checker)
    with pytest.raises(DomainError):
        asked_to_close(member, maker, DAY, TRANSFER)
    assert AccountClosing.objects.count() == 2


def test_an_empty_account_is_closed_without_an_entry(maker: User, checker: User) -> None:
    member = holder(balance="10.00")
    bought(member, "10.00", DAY)
    entries = LedgerEntry.objects.count()
    assert closed(member, maker, checker, DAY, reason=TRANSFER).amount == Decimal("0.00")
    assert LedgerEntry.objects.count() == entries
    assert account_of(member).state == AccountState.CLOSED


# --- Afterwards ---


def run(member: Member, month: date, maker: User, checker: User) -> dict[int, str]:
    """A posted run of the month; why somebody could not be credited, by member."""
    found = posted(member.region, month, last_day_of_month(month), maker, checker)
    return dict(found.exceptions.values_list("member", "reason"))


def test_a_closed_account_gets_no_credit(maker: User, checker: User) -> None:
    member, other = holder(), holder()
    closed(member, maker, checker, DAY, reason=TRANSFER)
    assert run(member, date(2023, 6, 1), maker, checker) == {member.pk: "account_closed"}
    assert account_of(member).balance == Decimal("0.00")
    assert account_of(other).balance == Decimal("183.45")


def test_a_closed_account_pays_nothing_and_takes_nothing(maker: User, checker: User) -> None:
    member = holder()
    closed(member, maker, checker, DAY, reason=TRANSFER)
    with pytest.raises(SpendingRefused) as caught:
        bought(member, "0.01", DAY)
    assert caught.value.reason == "account_closed"
    with pytest.raises(DomainError), transaction.atomic():
        give(member, "1.00")
    assert account_of(member).balance == Decimal("0.00")


# --- Who decides, and when ---


@pytest.mark.parametrize("change", ["credited", "spent"])
def test_a_balance_that_changed_voids_the_request_which_is_refused_and_made_again(
    maker: User, checker: User, change: str
) -> None:
    member = holder()
    found = asked_to_close(member, maker, DAY, TRANSFER)
    if change == "credited":
        give(member, "0.01")
    else:
        bought(member, "0.01", DAY)
    with pytest.raises(SubmissionVoided):
        approve_closing(found, today=DAY, actor=checker)
    assert account_of(member).state == AccountState.OPEN
    refuse_closing(found, actor=checker, reason="the balance changed")
    again = closed(member, maker, checker, DAY, reason=TRANSFER)
    assert again.amount == {"credited": Decimal("123.46"), "spent": Decimal("123.44")}[change]


def test_refusing_needs_a_reason_and_leaves_the_account_open(maker: User, checker: User) -> None:
    member = holder()
    found = asked_to_close(member, maker, DAY, TRANSFER)
    with pytest.raises(DomainError):
        refuse_closing(found, actor=checker, reason=" ")
    refuse_closing(found, actor=checker, reason="no papers")
    assert (account_of(member).balance, account_of(member).state) == (Decimal("123.45"), AccountState.OPEN)


def test_the_database_refuses_a_closing_that_two_people_did_not_decide(maker: User, checker: User) -> None:
    found = asked_to_close(holder(), maker, DAY, TRANSFER)
    for wrong in (
        {"decided_by": None, "amount": Decimal("123.45")},
        {"decided_by": maker, "amount": Decimal("123.45")},
        {"decided_by": checker, "amount": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite(AccountClosing.objects.filter(pk=found.pk), state=DecisionState.APPROVED, **wrong)
