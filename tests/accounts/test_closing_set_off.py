"""What was credited above entitlement is recovered before a closing pays out, shown to both people.

Pingliang: 2 % of the base, and an account is closed for a death.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    CreditDifference,
    DecisionState,
    DifferenceState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    Remedy,
)
from accounts.services.closing import approve_closing, refuse_closing
from accounts.services.differences import approve_remedy, refuse_remedy, submit_remedy
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import PoolingRegion, User
from members.models import Member
from members.services.people import record_death
from tests import builder
from tests.builder.accounts import balance_of, bought, state_of
from tests.builder.books import books_agree
from tests.builder.closings import asked_to_close, closed
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, MAY, MAY_END, correct, posted
from tests.builder.damage import rewrite
from tests.builder.threads import together

pytestmark = pytest.mark.django_db


def credited_too_much(
    region: PoolingRegion, maker: User, checker: User, last: date = MARCH, base: str = "3000.00"
) -> Member:
    """Credited 120.00 for each month on 6,000; the base was half of it, so that 60.00 of each are too much. Died."""
    member = builder.insured(region)
    builder.contributions(member, MARCH, last)
    for month, end in ((MARCH, MARCH_END), (APRIL, APRIL_END)):
        if month <= last:
            posted(region, month, end, maker, checker)
            correct(member, base, MAY_END, month)
    posted(region, MAY, MAY_END, maker, checker)
    return record_death(member, died_on=MAY_END, known_on=MAY_END, reason=builder.REASON)


@pytest.fixture
def member(region: PoolingRegion, maker: User, checker: User) -> Member:
    return credited_too_much(region, maker, checker)


def states(member: Member) -> list[tuple[str, str, str]]:
    """Month, state and excess of every difference, the oldest first."""
    found = CreditDifference.objects.filter(member=member).order_by("month", "pk")
    return [(f"{each.month:%m}", each.state, str(each.excess)) for each in found]


def test_what_was_credited_too_much_is_recovered_and_the_rest_paid_out(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    """120.00 credited, 60.00 due: 60.00 go back to where they came from, 60.00 to the heirs."""
    closing = closed(member, maker, checker, MAY_END)
    assert closing.amount == Decimal("60.00")
    difference = closing.set_off.get()
    assert (difference.state, difference.remedy, difference.taken) == (
        DifferenceState.RECOVERED,
        Remedy.RECOVER,
        Decimal("60.00"),
    )
    assert (difference.submitted_by, difference.decided_by) == (maker, checker)
    left = LedgerEntry.objects.filter(debit__member=member).order_by("pk")
    assert [(each.kind, each.amount, each.credit.kind) for each in left] == [
        (EntryKind.RECOVERY, Decimal("60.00"), AccountKind.CONTRIBUTION_INCOME),
        (EntryKind.INHERITANCE, Decimal("60.00"), AccountKind.MEMBER_PAYABLE),
    ]
    assert (balance_of(member), state_of(member)) == (Decimal("0.00"), AccountState.CLOSED)
    books_agree(region)


def test_several_are_set_off_from_the_oldest_month_and_the_rest_stays_listed(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    """240.00 credited, of which 60.00 a month too much; 150.00 were spent. Of the 90.00 left, 60.00 go for March and
    30.00 for April, and nothing to the heirs; April's other 30.00 stay listed.
    """
    member = credited_too_much(region, maker, checker, APRIL)
    bought(member, "150.00", MAY_END)
    closing = closed(member, maker, checker, MAY_END)
    assert (closing.amount, closing.state) == (Decimal("0.00"), DecisionState.APPROVED)
    assert states(member) == [("03", "recovered", "60.00"), ("04", "recovered", "60.00"), ("04", "listed", "30.00")]
    assert [each.taken for each in closing.set_off.order_by("month")] == [Decimal("60.00"), Decimal("30.00")]
    rest = CreditDifference.objects.get(state=DifferenceState.LISTED)
    with override("en"), pytest.raises(DomainError, match="holds nothing"):
        submit_remedy(rest, remedy=Remedy.RECOVER, actor=maker, reason="again")
    submit_remedy(rest, remedy=Remedy.WAIVE, actor=maker, reason="nobody has it")
    assert approve_remedy(rest, on=MAY_END, actor=checker).state == DifferenceState.WAIVED
    books_agree(region)


def test_an_empty_account_is_closed_and_everything_stays_listed(member: Member, maker: User, checker: User) -> None:
    bought(member, "120.00", MAY_END)
    assert closed(member, maker, checker, MAY_END).amount == Decimal("0.00")
    assert states(member) == [("03", "listed", "60.00")]


def test_a_refused_closing_leaves_everything_as_it_was(member: Member, maker: User, checker: User) -> None:
    refuse_closing(asked_to_close(member, maker, MAY_END), actor=checker, reason="no papers")
    assert (balance_of(member), state_of(member)) == (Decimal("120.00"), AccountState.OPEN)
    assert states(member) == [("03", "listed", "60.00")]
    assert not LedgerEntry.objects.filter(kind=EntryKind.RECOVERY).exists()


def found_another(region: PoolingRegion, member: Member, maker: User, checker: User) -> None:
    """2,500.00 of base: 50.00 were due, so that 70.00 are too much. The balance stays 120.00."""
    correct(member, "2500.00", date(2023, 6, 30))
    posted(region, date(2023, 6, 1), date(2023, 6, 30), maker, checker)


def waived(region: PoolingRegion, member: Member, maker: User, checker: User) -> None:
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.WAIVE, actor=maker, reason="hardship")
    approve_remedy(difference, on=MAY_END, actor=checker)


def taken_already(region: PoolingRegion, member: Member, maker: User, checker: User) -> None:
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.RECOVER, actor=maker, reason="at once")
    approve_remedy(difference, on=MAY_END, actor=checker)


Change = Callable[[PoolingRegion, Member, User, User], None]


@pytest.mark.parametrize(
    ("change", "paid"),
    # 120.00 less 70.00; all of it; the 60.00 that are left.
    [(found_another, "50.00"), (waived, "120.00"), (taken_already, "60.00")],
)
def test_what_changed_since_the_submission_voids_it(
    region: PoolingRegion, member: Member, maker: User, checker: User, change: Change, paid: str
) -> None:
    closing = asked_to_close(member, maker, MAY_END)
    change(region, member, maker, checker)
    with override("en"), pytest.raises(SubmissionVoided, match="Submit it again"):
        approve_closing(closing, today=MAY_END, actor=checker)
    assert state_of(member) == AccountState.OPEN
    refuse_closing(closing, actor=checker, reason="changed")
    assert closed(member, maker, checker, MAY_END).amount == Decimal(paid)
    books_agree(region)


def test_a_difference_found_after_an_empty_submission_voids_it(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    member = builder.insured(region)
    builder.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, maker, checker)
    record_death(member, died_on=APRIL_END, known_on=APRIL_END, reason=builder.REASON)
    closing = asked_to_close(member, maker, MAY_END)
    correct(member, "3000.00", APRIL_END)
    posted(region, APRIL, APRIL_END, maker, checker)
    with pytest.raises(SubmissionVoided):
        approve_closing(closing, today=MAY_END, actor=checker)
    assert balance_of(member) == Decimal("120.00")


def test_a_waiver_that_waits_is_decided_first(member: Member, maker: User, checker: User) -> None:
    difference = CreditDifference.objects.get()
    closing = asked_to_close(member, maker, MAY_END)
    submit_remedy(difference, remedy=Remedy.WAIVE, actor=maker, reason="hardship")
    for attempt in (
        lambda: approve_closing(closing, today=MAY_END, actor=checker),
        lambda: asked_to_close(member, maker, MAY_END),
    ):
        with override("en"), pytest.raises(DomainError, match="2023-03 waits to be waived"):
            attempt()
    assert state_of(member) == AccountState.OPEN
    refuse_remedy(difference, actor=checker, reason="no hardship")
    assert approve_closing(closing, today=MAY_END, actor=checker).amount == Decimal("60.00")


def test_a_recovery_that_waits_is_done_with_the_closing_by_somebody_who_did_not_ask_for_it(
    member: Member, maker: User, checker: User
) -> None:
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.RECOVER, actor=checker, reason="base corrected")
    closing = asked_to_close(member, maker, MAY_END)
    with pytest.raises(SamePersonDecides):
        approve_closing(closing, today=MAY_END, actor=checker)
    assert (balance_of(member), state_of(member)) == (Decimal("120.00"), AccountState.OPEN)
    other = builder.staff("other")
    assert approve_closing(closing, today=MAY_END, actor=other).amount == Decimal("60.00")
    with pytest.raises(MoveNotAllowed):
        approve_remedy(difference, on=MAY_END, actor=other)


def test_a_frozen_account_is_set_off_as_well(member: Member, maker: User, checker: User) -> None:
    LedgerAccount.objects.filter(member=member).update(state=AccountState.FROZEN)
    assert closed(member, maker, checker, MAY_END).amount == Decimal("60.00")


def test_the_database_sets_off_nothing_that_was_not_recovered(member: Member, maker: User) -> None:
    closing = asked_to_close(member, maker, MAY_END)
    with pytest.raises(IntegrityError, match="a_closing_sets_off_by_recovering"), transaction.atomic():
        rewrite(CreditDifference.objects, closing=closing)


def test_the_database_pays_out_once_and_names_the_cause(member: Member, maker: User, checker: User) -> None:
    closing = closed(member, maker, checker, MAY_END)
    row = {"account": closing.account, "reason": closing.reason, "closed_on": MAY_END, "follows": closing}
    AccountClosing.objects.create(**row, cause="reversal:1")
    with pytest.raises(IntegrityError, match="what_is_due_after_a_closing_is_paid_once"), transaction.atomic():
        AccountClosing.objects.create(**row, cause="reversal:1")
    with pytest.raises(IntegrityError, match="what_follows_a_closing_names_its_cause"), transaction.atomic():
        AccountClosing.objects.create(**row)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_recovery_and_a_closing_at_once_take_the_same_yuan_once(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    """Whichever is first, 60.00 are recovered once; the other is told so and changes nothing."""
    member = credited_too_much(region, maker, checker)
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.RECOVER, actor=maker, reason="base corrected")
    closing = asked_to_close(member, maker, MAY_END)
    remedied, done = together(
        lambda: approve_remedy(difference, on=MAY_END, actor=checker),
        lambda: approve_closing(closing, today=MAY_END, actor=builder.staff("other")),
    )
    assert LedgerEntry.objects.get(kind=EntryKind.RECOVERY).amount == Decimal("60.00")
    if isinstance(done, AccountClosing):
        assert isinstance(remedied, MoveNotAllowed)
        assert (done.amount, state_of(member)) == (Decimal("60.00"), AccountState.CLOSED)
    else:
        assert isinstance(done, SubmissionVoided)
        assert isinstance(remedied, CreditDifference)
        assert (balance_of(member), state_of(member)) == (Decimal("60.00"), AccountState.OPEN)
    books_agree(region)
