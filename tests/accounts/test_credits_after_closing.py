"""What a run credits to closed accounts goes to whoever got the balance, once, and what it finds is shown before.

Pingliang: 2 % of the base.
"""

from decimal import Decimal

import pytest

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    CreditDifference,
    DifferenceState,
    EntryKind,
    LedgerEntry,
    Remedy,
)
from accounts.selectors.books import find_differences
from accounts.selectors.closings import due_to_closed_accounts, paid_after_closings
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, submit_run
from accounts.services.differences import approve_remedy, refuse_remedy, submit_remedy
from agency.models import PoolingRegion, User
from desk.services.books import checks
from members.models import Member
from policies.engine.vocabulary import ClosingReason
from tests import builder
from tests.builder.accounts import balance_of, state_of
from tests.builder.books import books_agree
from tests.builder.closings import closed
from tests.builder.credit_runs import (
    APRIL,
    APRIL_END,
    MARCH,
    MARCH_END,
    MAY,
    MAY_END,
    carried_out,
    checked,
    correct,
    posted,
)
from tests.builder.damage import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(region: PoolingRegion, maker: User, checker: User) -> Member:
    """Credited 120.00 for March. Nothing came for April."""
    found = builder.insured(region)
    builder.contributions(found, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, maker, checker)
    posted(region, APRIL, APRIL_END, maker, checker)
    return found


def test_the_check_says_what_is_due_and_the_run_pays_it_out(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    first = closed(member, maker, checker, APRIL_END)
    correct(member, "5000.00", MAY_END, APRIL)
    run = checked(region, MAY, MAY_END, maker)
    assert run.summary["after_closings"] == {"members": 1, "credits": 1, "amount": "100.00"}
    assert [(each.member_id, each.month) for each in due_to_closed_accounts(run)] == [(member.pk, APRIL)]
    assert run.exceptions.get(member=member).reason == "account_closed"

    carried_out(run, maker, checker)
    assert (run.entry_count, run.amount) == (1, Decimal("100.00"))
    later = paid_after_closings(run).get()
    assert (later.follows, later.amount, later.payee, later.reason) == (
        first,
        Decimal("100.00"),
        "继承人",
        ClosingReason.DEATH,
    )
    assert (later.submitted_by, later.decided_by) == (maker, checker)
    credit, payment = LedgerEntry.objects.filter(posted_on=MAY_END).order_by("pk")
    assert (credit.kind, credit.month, credit.amount, credit.basis) == (
        EntryKind.TRUE_UP,
        APRIL,
        Decimal("100.00"),
        Decimal("5000.00"),
    )
    assert (payment.kind, payment.credit.kind) == (EntryKind.INHERITANCE, AccountKind.MEMBER_PAYABLE)
    assert (balance_of(member), state_of(member)) == (Decimal("0.00"), AccountState.CLOSED)
    books_agree(region)


def test_the_next_run_posts_nothing_of_it_again(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    closed(member, maker, checker, APRIL_END)
    correct(member, "5000.00", MAY_END, APRIL)
    posted(region, MAY, MAY_END, maker, checker)
    again = posted(region, MAY, MAY_END, maker, checker)
    assert (again.entry_count, again.summary["after_closings"]["credits"]) == (0, 0)
    assert AccountClosing.objects.count() == 2
    books_agree(region)


def test_what_moved_to_another_agency_takes_the_rest_there(region: PoolingRegion, maker: User, checker: User) -> None:
    kaifeng = builder.region("kaifeng")
    member = builder.insured(kaifeng)
    builder.contributions(member, MARCH, MARCH)
    posted(kaifeng, MARCH, MARCH_END, maker, checker)
    posted(kaifeng, APRIL, APRIL_END, maker, checker)
    asked = submit_closing(
        member, closing_reason=ClosingReason.TRANSFER_OUT, on=APRIL_END, actor=maker, reason=builder.REASON
    )
    approve_closing(asked, today=APRIL_END, actor=checker)
    correct(member, "5000.00", MAY_END, APRIL)
    posted(kaifeng, APRIL, MAY_END, maker, checker)
    last = LedgerEntry.objects.filter(debit__member=member).latest("pk")
    assert (last.kind, last.credit.kind, last.amount) == (
        EntryKind.TRANSFER_OUT,
        AccountKind.TRANSFERS,
        Decimal("100.00"),
    )
    books_agree(kaifeng)


def test_an_account_that_was_closed_after_the_approval_is_paid_out_all_the_same(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    """The check found an open account; before its chunk is posted the account is closed."""
    correct(member, "5000.00", MAY_END, APRIL)
    run = checked(region, MAY, MAY_END, maker)
    approve_run(submit_run(run, actor=maker), actor=checker)
    assert closed(member, maker, checker, APRIL_END).amount == Decimal("120.00")
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    run.refresh_from_db()
    assert (run.entry_count, run.amount) == (1, Decimal("100.00"))
    assert paid_after_closings(run).get().amount == Decimal("100.00")
    assert balance_of(member) == Decimal("0.00")
    books_agree(region)


def test_several_months_are_paid_out_together(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    """60.00 more for March on 9,000; 100.00 for April."""
    closed(member, maker, checker, APRIL_END)
    correct(member, "9000.00", MAY_END, MARCH)
    correct(member, "5000.00", MAY_END, APRIL)
    run = posted(region, MAY, MAY_END, maker, checker)
    assert run.summary["after_closings"] == {"members": 1, "credits": 2, "amount": "160.00"}
    assert (run.entry_count, run.amount) == (2, Decimal("160.00"))
    assert paid_after_closings(run).get().amount == Decimal("160.00")
    books_agree(region)


def listed_thirty(region: PoolingRegion, member: Member, maker: User, checker: User) -> CreditDifference:
    """Of March's 120.00 only 90.00 were due, as it turns out after the closing."""
    closed(member, maker, checker, APRIL_END)
    correct(member, "4500.00", MAY_END, MARCH)
    posted(region, APRIL, MAY_END, maker, checker)
    return CreditDifference.objects.get(member=member)


def test_what_is_only_listed_is_set_off_first(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    difference = listed_thirty(region, member, maker, checker)
    correct(member, "5000.00", MAY_END, APRIL)
    run = posted(region, MAY, MAY_END, maker, checker)
    later = paid_after_closings(run).get()
    assert (later.amount, later.set_off.get()) == (Decimal("70.00"), difference)
    difference.refresh_from_db()
    assert (difference.state, difference.taken) == (DifferenceState.RECOVERED, Decimal("30.00"))
    books_agree(region)


def test_what_waits_to_be_waived_neither_holds_up_the_run_nor_is_decided_by_it(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    difference = listed_thirty(region, member, maker, checker)
    submit_remedy(difference, remedy=Remedy.WAIVE, actor=maker, reason=builder.REASON)
    correct(member, "5000.00", MAY_END, APRIL)
    run = posted(region, MAY, MAY_END, maker, checker)
    assert paid_after_closings(run).get().amount == Decimal("100.00")
    assert approve_remedy(difference, on=MAY_END, actor=checker).state == DifferenceState.WAIVED
    books_agree(region)


def test_what_the_approver_had_a_part_in_stays_listed(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    """Nobody decides about their own request, by approving a run either."""
    difference = listed_thirty(region, member, maker, checker)
    submit_remedy(difference, remedy=Remedy.WAIVE, actor=checker, reason=builder.REASON)
    refuse_remedy(difference, actor=maker, reason="recover it")
    correct(member, "5000.00", MAY_END, APRIL)
    run = posted(region, MAY, MAY_END, maker, checker)
    assert paid_after_closings(run).get().amount == Decimal("100.00")
    difference.refresh_from_db()
    assert difference.state == DifferenceState.LISTED
    books_agree(region)


def test_the_books_miss_what_was_credited_to_a_closed_account_and_not_paid_out(
    region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    closed(member, maker, checker, APRIL_END)
    correct(member, "5000.00", MAY_END, APRIL)
    later = paid_after_closings(posted(region, MAY, MAY_END, maker, checker)).get()
    change(later, amount=Decimal("99.00"))
    found = {each.check.name: each.differing for each in find_differences(region, checks())}
    assert (found["credits_after_closings"], found["closings"]) == (1, 1)
