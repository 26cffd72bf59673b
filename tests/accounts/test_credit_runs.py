"""What a credit run leaves in the books, and what it refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import (
    AccountState,
    CreditDifference,
    CreditRun,
    LedgerAccount,
    LedgerEntry,
    RunState,
)
from accounts.selectors.explanations import explain_credit
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, discard_run, draft_run, submit_run
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import PoolingRegion, User
from members.services.enrollments import terminate
from members.services.people import record_death
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db


def test_a_run_credits_each_member_once_and_a_second_run_nothing(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    retiree = builder.insured(region, status=InsuredStatus.RETIRED)
    active = builder.insured(region)
    builder.contributions(active, MARCH, MARCH, Decimal("5432.25"))
    run = posted(region, MARCH, MARCH_END, maker, checker)
    assert (run.state, run.entry_count, run.amount) == (RunState.POSTED, 2, Decimal("198.65"))
    assert LedgerAccount.objects.get(member=retiree).balance == Decimal("90.00")
    assert LedgerAccount.objects.get(member=active).balance == Decimal("108.65")
    again = posted(region, MARCH, MARCH_END, maker, checker)
    assert (again.sequence, again.entry_count) == (2, 0)
    assert LedgerEntry.objects.count() == 2


def test_a_chunk_posted_twice_posts_once(region: PoolingRegion, maker: User, checker: User) -> None:
    builder.insured(region, status=InsuredStatus.RETIRED)
    run = draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    approve_run(run, actor=checker)
    (chunk,) = waiting_chunks(run)
    assert post_chunk(chunk) == 1
    assert post_chunk(chunk) == 0
    assert LedgerEntry.objects.count() == 1


def test_the_database_refuses_posting_without_approval(region: PoolingRegion, maker: User) -> None:
    run = draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(CreditRun.objects.filter(pk=run.pk), state=RunState.POSTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(CreditRun.objects.filter(pk=run.pk), submitted_by=maker, decided_by=maker)


def test_what_was_changed_after_submission_is_not_approved(region: PoolingRegion, maker: User, checker: User) -> None:
    run = draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    rewrite(CreditRun.objects.filter(pk=run.pk), as_of=APRIL_END)
    with pytest.raises(SubmissionVoided):
        approve_run(run, actor=checker)


@pytest.mark.parametrize(
    ("month", "as_of", "words"),
    [(date(2022, 12, 1), MARCH_END, "no rules"), (APRIL, MARCH_END, "not begun"), (MARCH, date(9999, 1, 1), "to come")],
    ids=["before the rules", "future month", "facts of a day to come"],
)
def test_a_month_without_rules_or_in_the_future_is_refused(
    region: PoolingRegion, maker: User, month: date, as_of: date, words: str
) -> None:
    with override("en"), pytest.raises(DomainError, match=words):
        draft_run(region, month=month, as_of=as_of, actor=maker)


def test_one_run_of_a_region_is_open_at_a_time(region: PoolingRegion, maker: User) -> None:
    draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    with override("en"), pytest.raises(DomainError, match="Pingliang 2023-03 #1 is still open"):
        draft_run(region, month=APRIL, as_of=APRIL_END, actor=maker)
    draft_run(builder.region("kaifeng"), month=APRIL, as_of=APRIL_END, actor=maker)


def test_the_check_lists_who_cannot_be_credited_and_why(region: PoolingRegion, maker: User, checker: User) -> None:
    late = builder.insured(region)
    closed = builder.insured(region, status=InsuredStatus.RETIRED)
    posted(region, MARCH, MARCH_END, maker, checker)
    LedgerAccount.objects.filter(member=closed).update(state=AccountState.CLOSED)
    run = draft_run(region, month=APRIL, as_of=APRIL_END, actor=maker)
    check_run(run, actor=maker)
    reasons = dict(run.exceptions.values_list("member", "reason"))
    assert reasons == {late.pk: "no_contribution", closed.pk: "account_closed"}
    run.refresh_from_db()
    assert run.summary["exceptions"] == {"account_closed": 1, "no_contribution": 1}
    assert run.summary["lines"] == []


def test_the_check_shows_what_posting_will_post(region: PoolingRegion, maker: User, checker: User) -> None:
    for _ in range(3):
        builder.insured(region, status=InsuredStatus.RETIRED)
    active = builder.insured(region)
    builder.contributions(active, MARCH, MARCH)
    run = posted(region, MARCH, MARCH_END, maker, checker)
    lines = {(line["status"], line["fund"]): (line["credits"], line["amount"]) for line in run.summary["lines"]}
    assert lines == {
        ("retired", "pooled_fund"): (3, "270.00"),
        ("active", "contribution_income"): (1, "120.00"),
    }
    assert run.amount == Decimal("390.00")


def test_too_much_credited_is_listed_and_never_taken(region: PoolingRegion, maker: User, checker: User) -> None:
    """A death reported late: the credits of later months stand until somebody decides."""
    retiree = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1950, 5, 1))
    posted(region, MARCH, MARCH_END, maker, checker)
    posted(region, APRIL, APRIL_END, maker, checker)
    record_death(retiree, died_on=date(2023, 3, 10), known_on=date(2023, 5, 15), reason="reported late")
    run = posted(region, date(2023, 5, 1), date(2023, 5, 31), maker, checker)
    assert run.entry_count == 0
    listed = CreditDifference.objects.get()
    assert (listed.month, listed.credited, listed.entitled) == (APRIL, Decimal("90.00"), Decimal("0.00"))
    assert LedgerAccount.objects.get(member=retiree).balance == Decimal("180.00")


def test_the_month_of_termination_is_not_credited_the_month_of_death_is(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    gone = builder.insured(region, status=InsuredStatus.RETIRED)
    terminate(gone, last_day=date(2023, 3, 30), known_on=MARCH_END, reason="moved away")
    dead = builder.insured(region, status=InsuredStatus.RETIRED)
    record_death(dead, died_on=date(2023, 3, 1), known_on=MARCH_END, reason="reported")
    posted(region, MARCH, MARCH_END, maker, checker)
    assert not LedgerAccount.objects.filter(member=gone).exists()
    assert LedgerAccount.objects.get(member=dead).balance == Decimal("90.00")


def test_a_late_contribution_is_posted_for_its_month_once_it_is_known(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    active = builder.insured(region)
    builder.contributions(active, MARCH, MARCH, received_on=date(2023, 5, 8))
    assert posted(region, MARCH, MARCH_END, maker, checker).entry_count == 0
    assert posted(region, APRIL, APRIL_END, maker, checker).entry_count == 0
    run = posted(region, date(2023, 5, 1), date(2023, 5, 31), maker, checker)
    entry = LedgerEntry.objects.get()
    assert (entry.month, entry.amount, entry.kind) == (MARCH, Decimal("120.00"), "true_up")
    assert entry.cause == f"credit_run:{run.pk}:contribution"
    assert (entry.entitlement_before, entry.entitlement_after) == (Decimal("0.00"), Decimal("120.00"))


def test_what_a_discarded_run_took_up_waits_for_the_next(maker: User, checker: User) -> None:
    dazhou = builder.region("dazhou")
    retiree = builder.insured(dazhou, status=InsuredStatus.RETIRED)
    builder.average_pension(dazhou, 2021, Decimal("2950.00"))
    posted(dazhou, MARCH, MARCH_END, maker, checker)
    builder.average_pension(dazhou, 2022, Decimal("3000.00"))
    run = draft_run(dazhou, month=APRIL, as_of=APRIL_END, actor=maker)
    check_run(run, actor=maker)
    discard_run(run, actor=maker, reason="wrong month")
    posted(dazhou, APRIL, APRIL_END, maker, checker)
    assert LedgerAccount.objects.get(member=retiree).balance == Decimal("168.00")


def test_a_run_of_a_region_without_members_is_posted_at_once(maker: User, checker: User) -> None:
    assert posted(builder.region("baoshan"), MARCH, MARCH_END, maker, checker).entry_count == 0


def test_a_true_up_explains_what_was_due_what_was_credited_and_the_difference(maker: User, checker: User) -> None:
    dazhou = builder.region("dazhou")
    builder.insured(dazhou, status=InsuredStatus.RETIRED)
    for year, monthly, month in [(2021, "2950.00", MARCH), (2022, "3088.88", APRIL)]:
        builder.average_pension(dazhou, year, Decimal(monthly))
        posted(dazhou, month, APRIL_END, maker, checker)
    rows = explain_credit(LedgerEntry.objects.get(kind="true_up"))
    assert [(row.amount_in, row.parameter, row.amount) for row in rows] == [
        (Decimal("3088.88"), "2.8 %", Decimal("86.49")),
        (None, "", Decimal("82.60")),
        (None, "", Decimal("3.89")),
    ]
    assert (rows[0].instrument, rows[0].article) == ("达市府办规〔2022〕6号", "第四条")
