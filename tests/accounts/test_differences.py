"""Credits above entitlement: who decides, what is recovered, what later runs make of it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import CreditDifference, CreditRun, DifferenceState, EntryKind, LedgerAccount, LedgerEntry, Remedy
from accounts.services.differences import (
    approve_remedies,
    approve_remedy,
    refuse_remedy,
    submit_remedies,
    submit_remedy,
)
from agency.exceptions import DomainError, MoveNotAllowed, SubmissionVoided
from agency.models import PoolingRegion, User
from members.models import Member
from tests import builder
from tests.builder.accounts import balance_of
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, MAY, MAY_END, correct, posted
from tests.builder.damage import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(region: PoolingRegion) -> Member:
    """Contributes 6,000 yuan for March alone: 120.00 a month in Pingliang."""
    found = builder.insured(region)
    builder.contributions(found, MARCH, MARCH)
    return found


@pytest.fixture
def listed(region: PoolingRegion, member: Member, maker: User, checker: User) -> CreditDifference:
    """March was credited on 6,000 yuan, and the base turned out to be 5,000: 20.00 too much."""
    posted(region, MARCH, MARCH_END, maker, checker)
    correct(member, "5000.00", APRIL_END)
    posted(region, APRIL, APRIL_END, maker, checker)
    found = CreditDifference.objects.get()
    assert (found.credited, found.entitled, found.excess) == (Decimal("120.00"), Decimal("100.00"), Decimal("20.00"))
    return found


def decided(difference: CreditDifference, remedy: Remedy, maker: User, checker: User) -> CreditDifference:
    submit_remedy(difference, remedy=remedy, actor=maker, reason="base corrected")
    return approve_remedy(difference, on=MAY_END, actor=checker)


def test_a_recovery_takes_the_excess_and_names_month_and_component(
    listed: CreditDifference, member: Member, maker: User, checker: User
) -> None:
    done = decided(listed, Remedy.RECOVER, maker, checker)
    assert (done.state, done.taken) == (DifferenceState.RECOVERED, Decimal("20.00"))
    entry = LedgerEntry.objects.get(kind=EntryKind.RECOVERY)
    assert (entry.amount, entry.month, entry.component) == (Decimal("20.00"), MARCH, "personal")
    assert entry.credit.kind == "contribution_income"
    assert balance_of(member) == Decimal("100.00")


def test_a_recovery_takes_at_most_the_balance_and_the_rest_is_listed_again(
    listed: CreditDifference, member: Member, maker: User, checker: User
) -> None:
    LedgerAccount.objects.filter(member=member).update(balance=Decimal("12.50"))
    decided(listed, Remedy.RECOVER, maker, checker)
    assert balance_of(member) == Decimal("0.00")
    rest = CreditDifference.objects.get(state=DifferenceState.LISTED)
    assert (rest.credited, rest.entitled, rest.excess) == (Decimal("107.50"), Decimal("100.00"), Decimal("7.50"))
    with override("en"), pytest.raises(DomainError, match="holds nothing"):
        submit_remedy(rest, remedy=Remedy.RECOVER, actor=maker, reason="again")
    assert decided(rest, Remedy.WAIVE, maker, checker).state == DifferenceState.WAIVED


@pytest.mark.parametrize("remedy", [Remedy.RECOVER, Remedy.WAIVE])
def test_a_later_run_does_not_list_again_what_was_decided(
    listed: CreditDifference, region: PoolingRegion, member: Member, maker: User, checker: User, remedy: Remedy
) -> None:
    decided(listed, remedy, maker, checker)
    # Marks March again; the base is what it was found to be.
    correct(member, "5000.01", MAY_END)
    run = posted(region, MAY, MAY_END, maker, checker)
    assert run.entry_count == 0
    assert CreditDifference.objects.count() == 1


@pytest.mark.parametrize(
    ("remedy", "base", "true_up"),
    [
        # 6,000 after a recovery of 20.00: they are due again.
        (Remedy.RECOVER, "6000.00", "20.00"),
        # The member kept them: nothing more is due.
        (Remedy.WAIVE, "6000.00", None),
        # 6,500 is 130.00 a month: 30.00 above what was kept, 10.00 above what was credited.
        (Remedy.RECOVER, "6500.00", "30.00"),
        (Remedy.WAIVE, "6500.00", "10.00"),
    ],
)
def test_a_true_up_counts_what_was_recovered_and_what_was_kept(
    listed: CreditDifference,
    region: PoolingRegion,
    member: Member,
    maker: User,
    checker: User,
    remedy: Remedy,
    base: str,
    true_up: str | None,
) -> None:
    decided(listed, remedy, maker, checker)
    correct(member, base, MAY_END)
    posted(region, MAY, MAY_END, maker, checker)
    found = LedgerEntry.objects.filter(kind=EntryKind.TRUE_UP).first()
    assert (found.amount if found else None) == (Decimal(true_up) if true_up else None)


def test_what_falls_further_after_a_waiver_is_listed_for_the_rest(
    listed: CreditDifference, region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    decided(listed, Remedy.WAIVE, maker, checker)
    correct(member, "4500.00", MAY_END)
    posted(region, MAY, MAY_END, maker, checker)
    rest = CreditDifference.objects.get(state=DifferenceState.LISTED)
    assert (rest.entitled, rest.waived, rest.excess) == (Decimal("90.00"), Decimal("20.00"), Decimal("10.00"))


def test_a_listed_one_lapses_when_nothing_is_too_much_any_more(
    listed: CreditDifference, region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    correct(member, "6000.00", MAY_END)
    posted(region, MAY, MAY_END, maker, checker)
    listed.refresh_from_db()
    assert listed.state == DifferenceState.LAPSED
    with pytest.raises(MoveNotAllowed):
        submit_remedy(listed, remedy=Remedy.WAIVE, actor=maker, reason="too late")


def test_other_amounts_found_after_submission_void_it(
    listed: CreditDifference, region: PoolingRegion, member: Member, maker: User, checker: User
) -> None:
    submit_remedy(listed, remedy=Remedy.WAIVE, actor=maker, reason="base corrected")
    correct(member, "4500.00", MAY_END)
    posted(region, MAY, MAY_END, maker, checker)
    with pytest.raises(SubmissionVoided):
        approve_remedy(listed, on=MAY_END, actor=checker)
    assert refuse_remedy(listed, actor=checker, reason="30.00 by now").state == DifferenceState.LISTED


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "waived"},
        {"state": "recovered", "remedy": "recover", "taken": Decimal("20.00")},
        {"state": "submitted"},
        {"credited": Decimal("100.00")},
        {"taken": Decimal("1.00")},
    ],
)
def test_the_database_refuses_what_nobody_decided(listed: CreditDifference, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change(listed, **wrong)


def test_the_database_refuses_a_recovery_that_took_nothing(
    listed: CreditDifference, maker: User, checker: User
) -> None:
    submit_remedy(listed, remedy=Remedy.RECOVER, actor=maker, reason="base corrected")
    with pytest.raises(IntegrityError, match="a_recovery_takes_at_most"), transaction.atomic():
        CreditDifference.objects.filter(pk=listed.pk).update(state="recovered", decided_by=checker)


def test_a_run_s_differences_are_decided_together(region: PoolingRegion, maker: User, checker: User) -> None:
    members = [builder.insured(region) for _ in range(3)]
    for each in members:
        builder.contributions(each, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, maker, checker)
    for each in members:
        correct(each, "5000.00", APRIL_END)
    run = posted(region, APRIL, APRIL_END, maker, checker)
    LedgerAccount.objects.filter(member=members[0]).update(balance=Decimal("0.00"))
    assert submit_remedies(run, remedy=Remedy.RECOVER, actor=maker, reason="bases corrected") == 2
    assert approve_remedies(run, on=MAY_END, actor=maker) == 0
    assert approve_remedies(run, on=MAY_END, actor=checker) == 2
    assert [balance_of(each) for each in members] == [Decimal("0.00"), Decimal("100.00"), Decimal("100.00")]
    assert CreditRun.objects.get(pk=run.pk).differences.filter(state=DifferenceState.LISTED).count() == 1
