"""Checks done by workers, what was lost and is picked up, drafts by the clock, the command, the files."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import override

from accounts.admin.run_panels import pace_of
from accounts.admin.run_summary import compared
from accounts.models import CreditChunk, CreditRun, RunState
from accounts.services.credit_calendar import draft_due_run
from accounts.services.credit_checks import check_run, lost_checks, perform_check, request_check
from accounts.services.credit_posting import post_chunk, stale_runs, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Job, JobState, PoolingRegion, User
from policies.engine.vocabulary import InsuredStatus
from policies.models import PolicyVersion
from tests import builder
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def draft(region: PoolingRegion, maker: User) -> CreditRun:
    """A run for one retiree, 90.00 yuan in Pingliang."""
    builder.insured(region, status=InsuredStatus.RETIRED)
    return draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)


def end_the_law(region: PoolingRegion, day: date) -> None:
    """From this day on the region has no rules."""
    version = PolicyVersion.objects.get(region=region)
    PolicyVersion.objects.filter(pk=version.pk).update(period=DateRange(version.period.lower, day))


def test_a_run_waits_for_the_worker_that_checks_it(draft: CreditRun, maker: User) -> None:
    run = request_check(draft, actor=maker)
    assert (run.state, run.job is not None and run.job.state) == (RunState.DRAFT, JobState.QUEUED)
    with pytest.raises(DomainError):
        request_check(run, actor=maker)
    with pytest.raises(MoveNotAllowed):
        submit_run(run, actor=maker)
    perform_check(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED
    assert Job.objects.get(kind="credit_run_check").state == JobState.DONE
    assert run.history.first().history_user == maker


def test_a_check_that_was_done_is_not_done_again(draft: CreditRun, maker: User) -> None:
    run = request_check(draft, actor=maker)
    perform_check(run.pk)
    perform_check(run.pk)
    assert list(run.history.values_list("history_change_reason", flat=True)) == [
        "checked",
        "check requested",
        "drafted",
    ]


def test_a_check_that_fails_says_why_and_can_be_asked_for_again(draft: CreditRun, maker: User) -> None:
    run = request_check(draft, actor=maker)
    end_the_law(draft.region, date(2023, 3, 15))
    perform_check(run.pk)
    job = Job.objects.get(kind="credit_run_check")
    assert job.state == JobState.FAILED
    assert "1 months without law" in job.log
    run.refresh_from_db()
    assert run.state == RunState.DRAFT
    assert request_check(run, actor=maker).job != job


def test_a_lost_check_is_found_once_it_is_old(draft: CreditRun, maker: User) -> None:
    run = request_check(draft, actor=maker)
    now = timezone.now()
    assert lost_checks(now) == []
    assert lost_checks(now + MINUTE) == [run.pk]
    perform_check(run.pk)
    assert lost_checks(now + MINUTE) == []


def test_a_run_without_progress_is_found_once_it_is_old(draft: CreditRun, maker: User, checker: User) -> None:
    check_run(draft, actor=maker)
    submit_run(draft, actor=maker)
    approve_run(draft, actor=checker)
    now = timezone.now()
    assert stale_runs(now) == []
    assert stale_runs(now + MINUTE) == [draft.pk]
    # A part posted since is progress.
    CreditChunk.objects.create(
        run=draft, first_member=0, last_member=0, state="posted", posted_at=now + MINUTE - timedelta(seconds=5)
    )
    assert stale_runs(now + MINUTE) == []
    for chunk in waiting_chunks(draft):
        post_chunk(chunk)
    assert stale_runs(now + timedelta(days=1)) == []


def test_the_check_compares_with_last_month_by_kind_of_member(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    for _ in range(2):
        builder.insured(region, status=InsuredStatus.RETIRED)
    active = builder.insured(region)
    builder.contributions(active, MARCH, APRIL, Decimal("6000.00"))
    posted(region, MARCH, MARCH_END, maker, checker)
    builder.insured(region, status=InsuredStatus.RETIRED, since=APRIL)
    run = check_run(draft_run(region, month=APRIL, as_of=APRIL_END, actor=maker), actor=maker)
    with override("en"):
        rows = compared(run)
    assert rows == [
        ["active employees", 1, Decimal("120.00"), 1, Decimal("120.00"), Decimal("0.00")],
        ["retired", 3, Decimal("270.00"), 2, Decimal("180.00"), Decimal("90.00")],
    ]


def test_the_pace_tells_parts_a_minute_and_the_minutes_left(region: PoolingRegion) -> None:
    now = timezone.now()
    job = Job(kind="credit_run", region=region, done=50, total=200, started_at=now - 5 * MINUTE)
    with override("en"):
        assert pace_of(job, now) == "10 parts a minute · about 15 minutes left"
        job.done = 0
        assert pace_of(job, now) == ""


# The clock


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2023, 4, 30), None), (date(2023, 5, 1), APRIL)],
    ids=["the month goes on", "the month is over"],
)
def test_the_clock_drafts_the_month_after_the_last_posted_one_once_it_is_over(
    region: PoolingRegion, maker: User, checker: User, today: date, expected: date | None
) -> None:
    builder.insured(region, status=InsuredStatus.RETIRED)
    posted(region, MARCH, MARCH_END, maker, checker)
    run = draft_due_run(region, today)
    assert (run.month if run else None) == expected
    assert draft_due_run(region, today) is None


def test_the_clock_leaves_the_first_month_to_people(region: PoolingRegion) -> None:
    assert draft_due_run(region, date(2023, 5, 1)) is None


def test_the_clock_says_once_why_a_month_cannot_be_drafted(region: PoolingRegion, maker: User, checker: User) -> None:
    posted(region, MARCH, MARCH_END, maker, checker)
    end_the_law(region, date(2023, 4, 1))
    for _ in range(2):
        assert draft_due_run(region, date(2023, 5, 1)) is None
    job = Job.objects.get(kind="credit_run_draft")
    assert (job.state, job.subject[-7:]) == (JobState.FAILED, "2023-04")


# The command


def output(*arguments: str) -> str:
    out = StringIO()
    call_command("run_credits", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_drafts_and_checks_and_posts_nothing(region: PoolingRegion) -> None:
    builder.insured(region, status=InsuredStatus.RETIRED)
    builder.insured(region)
    with override("en"):
        text = output("--region", "pingliang", "--month", "2023-03", "--as-of", "2023-03-31")
    assert text.splitlines() == [
        "Pingliang 2023-03 #1: checked",
        "  employee retired personal, 2023-03: 1 credits, 90.00 yuan",
        "  no_contribution: 1 members cannot be credited",
    ]
    assert CreditRun.objects.get().state == RunState.CHECKED


def test_the_command_runs_every_region_and_names_those_refused(region: PoolingRegion, maker: User) -> None:
    draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    out = StringIO()
    with override("en"), pytest.raises(CommandError, match="1 regions were refused"):
        call_command("run_credits", "--month", "2023-04", stdout=out, stderr=out)
    assert "Pingliang 2023-03 #1 is still open" in out.getvalue()
    assert CreditRun.objects.filter(month=APRIL, state=RunState.CHECKED).count() == 4


def test_the_command_says_where_nothing_is_due(region: PoolingRegion) -> None:
    with override("en"):
        assert "no month is due" in output("--region", "pingliang")
    with pytest.raises(CommandError, match="There is no region atlantis"):
        output("--region", "atlantis")
