"""A run posts what its check kept and a second person approved, whatever becomes known between."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.models import (
    CheckedCredit,
    CreditDifference,
    CreditRun,
    DifferenceState,
    LedgerAccount,
    LedgerEntry,
    Remedy,
    RunState,
)
from accounts.services import credit_posting
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import forget_checked, post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, discard_run, return_run, submit_run
from accounts.services.differences import approve_remedy, submit_remedy
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import PoolingRegion, User
from members.models import Member
from tests import builder
from tests.builder.accounts import balance_of
from tests.builder.credit_runs import (
    APRIL,
    APRIL_END,
    MARCH,
    MARCH_END,
    carried_out,
    checked,
    correct,
    post_all,
    posted,
)
from tests.builder.damage import change
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db


def employees(region: PoolingRegion, count: int, base: str = "5000.00") -> list[Member]:
    people = [builder.insured(region) for _ in range(count)]
    for member in people:
        builder.contributions(member, MARCH, MARCH, Decimal(base))
    return people


def balances(*people: Member) -> list[Decimal]:
    return [balance_of(member) for member in people]


def summed(run: CreditRun) -> Decimal:
    return sum((Decimal(line["amount"]) for line in run.summary["lines"]), Decimal("0.00"))


def test_bases_corrected_after_the_submission_are_the_next_runs(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    people = employees(region, 20)
    run = checked(region, MARCH, MARCH_END, maker)
    submit_run(run, actor=maker)
    for member in people:
        correct(member, "9000.00", MARCH_END)
    approve_run(run, actor=checker)
    post_all(run)
    run.refresh_from_db()
    # 2 % of 5000 is 100.00, of 9000 it is 180.00.
    assert (run.state, run.amount, summed(run)) == (RunState.POSTED, Decimal("2000.00"), Decimal("2000.00"))
    assert balances(*people) == [Decimal("100.00")] * 20
    again = posted(region, MARCH, MARCH_END, maker, checker)
    assert (again.amount, summed(again)) == (Decimal("1600.00"), Decimal("1600.00"))
    assert balances(*people) == [Decimal("180.00")] * 20


def test_what_changes_between_approval_and_the_last_chunk_does_not_enter(
    region: PoolingRegion, maker: User, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = employees(region, 2)
    run = checked(region, MARCH, MARCH_END, maker)
    submit_run(run, actor=maker)
    monkeypatch.setattr(credit_posting, "CHUNK_SIZE", 1)
    approve_run(run, actor=checker)
    one, other = waiting_chunks(run)
    post_chunk(one)
    correct(first, "9000.00", MARCH_END)
    correct(second, "3000.00", MARCH_END)
    newcomer = builder.insured(region)
    builder.contributions(newcomer, MARCH, MARCH)
    post_chunk(other)
    run.refresh_from_db()
    assert (run.state, run.amount) == (RunState.POSTED, summed(run)) == (RunState.POSTED, Decimal("200.00"))
    assert balances(first, second) == [Decimal("100.00")] * 2
    assert not LedgerAccount.objects.filter(member=newcomer).exists()
    posted(region, MARCH, MARCH_END, maker, checker)
    # 2 % of 9000 and of 6000; what the second got above 60.00 is listed.
    assert balances(first, second, newcomer) == [Decimal("180.00"), Decimal("100.00"), Decimal("120.00")]
    listed = CreditDifference.objects.get()
    assert (listed.member, listed.credited, listed.entitled) == (second, Decimal("100.00"), Decimal("60.00"))


@pytest.mark.parametrize("state", ["checked", "submitted", "posting"])
@pytest.mark.parametrize(
    "tamper",
    [
        lambda: CheckedCredit.objects.update(amount=Decimal("999.00")),
        lambda: CheckedCredit.objects.filter(amount__gt=0).update(member=0),
    ],
)
def test_nobody_changes_what_a_check_kept(
    region: PoolingRegion, maker: User, checker: User, state: str, tamper: Callable[[], int]
) -> None:
    employees(region, 2)
    run = checked(region, MARCH, MARCH_END, maker)
    if state != "checked":
        submit_run(run, actor=maker)
    if state == "posting":
        approve_run(run, actor=checker)
    with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
        tamper()


def test_nothing_is_added_to_or_taken_from_what_was_submitted(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    member, _other = employees(region, 2)
    run = checked(region, MARCH, MARCH_END, maker)
    submit_run(run, actor=maker)
    more = CheckedCredit(
        run=run, member=member, month=APRIL, component="personal", amount=1, credited=0, waived=0, cause="month"
    )
    with pytest.raises(ProgrammingError, match="nothing is added"), transaction.atomic():
        more.save(force_insert=True)
    with pytest.raises(ProgrammingError, match="nothing is taken"), transaction.atomic():
        run.checked_credits.filter(member=member).delete()
    with pytest.raises(ProgrammingError, match="never changes"), owners_cursor() as cursor:
        cursor.execute("TRUNCATE accounts_checkedcredit")
    approve_run(run, actor=checker)
    with pytest.raises(ProgrammingError, match="nothing is taken"), transaction.atomic():
        run.checked_credits.all().delete()


def test_a_check_whose_rows_are_gone_is_not_submitted(region: PoolingRegion, maker: User, in_english: None) -> None:
    employees(region, 2)
    run = checked(region, MARCH, MARCH_END, maker)
    run.checked_credits.all()[:1].get().delete()
    with pytest.raises(DomainError, match="Check the run again"):
        submit_run(run, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)


def test_a_summary_that_was_changed_is_not_approved(region: PoolingRegion, maker: User, checker: User) -> None:
    employees(region, 2)
    run = checked(region, MARCH, MARCH_END, maker)
    submit_run(run, actor=maker)
    change(run, summary={**run.summary, "lines": []})
    with pytest.raises(SubmissionVoided):
        approve_run(run, actor=checker)
    return_run(run, actor=checker, reason="not what was checked")
    assert CreditRun.objects.get().state == RunState.CHECKED


def test_a_recovery_since_the_check_is_looked_at_by_the_next_run(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    (member,) = employees(region, 1)
    posted(region, MARCH, MARCH_END, maker, checker)
    correct(member, "4000.00", MARCH_END)
    posted(region, MARCH, MARCH_END, maker, checker)
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.RECOVER, actor=maker, reason="credited too much")
    # The base was right after all, and more: 2 % of 5500 is 110.00, ten more than what was credited.
    correct(member, "5500.00", MARCH_END)
    run = checked(region, MARCH, MARCH_END, maker)
    approve_remedy(difference, on=MARCH_END, actor=checker)
    carried_out(run, maker, checker)
    assert balances(member) == [Decimal("90.00")]
    posted(region, MARCH, MARCH_END, maker, checker)
    assert balances(member) == [Decimal("110.00")]
    assert posted(region, MARCH, MARCH_END, maker, checker).entry_count == 0


def test_a_waiver_since_the_check_is_respected(region: PoolingRegion, maker: User, checker: User) -> None:
    (member,) = employees(region, 1)
    posted(region, MARCH, MARCH_END, maker, checker)
    correct(member, "4000.00", MARCH_END)
    posted(region, MARCH, MARCH_END, maker, checker)
    difference = CreditDifference.objects.get()
    submit_remedy(difference, remedy=Remedy.WAIVE, actor=maker, reason="the office's mistake")
    # Marks the month: 82.00 are due by now, and 80.00 when the waiver left 20.00 with the member.
    correct(member, "4100.00", MARCH_END)
    run = checked(region, MARCH, MARCH_END, maker)
    approve_remedy(difference, on=MARCH_END, actor=checker)
    carried_out(run, maker, checker)
    assert list(CreditDifference.objects.values_list("state", flat=True)) == [DifferenceState.WAIVED]


def test_what_was_kept_goes_once_it_is_posted_or_discarded(region: PoolingRegion, maker: User, checker: User) -> None:
    employees(region, 2)
    given_up = checked(region, MARCH, MARCH_END, maker)
    discard_run(given_up, actor=maker, reason="too early")
    run = checked(region, MARCH, MARCH_END, maker)
    forget_checked()
    assert set(CheckedCredit.objects.values_list("run", flat=True)) == {run.pk}
    submit_run(run, actor=maker)
    approve_run(run, actor=checker)
    forget_checked()
    assert run.checked_credits.count() == 2
    post_all(run)
    forget_checked()
    assert not CheckedCredit.objects.exists()


def test_the_rows_of_a_month_are_the_entries_of_it(region: PoolingRegion, maker: User, checker: User) -> None:
    people = employees(region, 3)
    run = posted(region, MARCH, MARCH_END, maker, checker)
    kept = {(row.member_id, row.amount - row.credited) for row in run.checked_credits.all()}
    entries = LedgerEntry.objects.filter(cause=f"credit_run:{run.pk}")
    assert kept == {(entry.credit.member_id, entry.amount) for entry in entries.select_related("credit")}
    assert {member for member, _amount in kept} == {member.pk for member in people}
    april = posted(region, APRIL, APRIL_END, maker, checker)
    assert (april.entry_count, april.decided_at is not None and april.decided_at <= timezone.now()) == (0, True)
