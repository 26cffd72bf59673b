"""The broker loses every message: the clock sends each kind of work again, and what is sent twice is done once."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import CreditRun
from accounts.services.credit_checks import check_run, request_check
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from accounts.tasks import post_credit_run
from agency.models import Job, JobState, User
from agency.services.exports import Wanted, queue_export
from agency.services.jobs import LOST_AFTER, send_lost_jobs, working_on
from claims.models import Settlement
from claims.services import batches
from claims.services.batches import queue_settlement
from claims.services.resettlement_batches import draft_batch
from claims.tasks import settle_registered_claims
from clearing.tasks import read_settled_file
from config.celery import app
from desk.services.books import queue_verification
from desk.services.months import queue_adding_up
from files.services.file_imports import bring_file
from members.models import Member
from monitoring.models import ReviewFlag
from monitoring.services.flags import queue_flags
from monitoring.tasks import raise_review_flags
from policies.selectors.versions import version_in_force
from simulation.tasks import begin_simulation
from tests import builder
from tests.builder.batches import Desk
from tests.builder.claims import a_claim
from tests.builder.former_law import concerning_a_visit
from tests.builder.interest import approved, region_with_accounts
from tests.builder.settled_files import a_file, people
from tests.builder.settlements import settled
from tests.builder.simulations import asked, draft_of
from tests.builder.threads import together
from tests.processes import wait_for, worker

MARCH, TODAY = date(2023, 3, 1), date(2023, 6, 1)
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def an_empty_broker() -> Iterator[None]:
    """What other tests sent, and what this one leaves, is nobody else's."""
    flush()
    yield
    flush()


def flush() -> None:
    """Every message is gone, as where the broker's disk is lost."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def messages() -> int:
    """How many wait in the broker."""
    return int(redis.Redis.from_url(settings.REDIS_URL).llen("celery"))


# --- Work of every kind, each begun in a region of its own ----------------------------------------


def claims(member: Member, number: int) -> None:
    """So many visits of 300 yuan, one a day."""
    clinic = builder.a_provider(member.region)
    for day in range(1, number + 1):
        a_claim(member, provider=clinic, served_on=MARCH.replace(day=day))


def check() -> Job:
    run = draft_run(builder.region("kaifeng"), month=MARCH, as_of=TODAY, actor=builder.staff("drafter"))
    return of(request_check(run, actor=None))


def run_posting() -> CreditRun:
    region, maker = builder.region("baoshan"), builder.staff("run maker")
    builder.contributions(builder.insured(region), MARCH, MARCH)
    run = draft_run(region, month=MARCH, as_of=TODAY, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    return approve_run(run, actor=builder.staff("run checker"))


def of(run: CreditRun) -> Job:
    assert run.job is not None
    return run.job


def chunk_of_a_run() -> Job:
    """The message of the run has been taken, those of its parts are in the broker."""
    run = run_posting()
    post_credit_run(run.pk)
    return of(run)


def interest() -> Job:
    job = approved(region_with_accounts("100.00")).job
    assert job is not None
    return job


def settlement() -> Job:
    """In the middle: one chunk is settled, and the message of the next one waits."""
    member = builder.insured(builder.region("dazhou"))
    claims(member, 3)
    job = queue_settlement(member.region, today=TODAY, actor=None)
    settle_registered_claims(job.pk, *job.arguments)
    job.refresh_from_db()
    assert (job.done, job.total) == (2, 3)
    return job


def resettlements() -> Job:
    """A batch of one member's year that is to be calculated."""
    maker = builder.staff("batch maker")
    job = draft_batch(concerning_a_visit(maker), actor=maker, reason=builder.REASON).job
    assert job is not None
    return job


def flags() -> Job:
    return queue_flags(builder.region("zaozhuang"), month=MARCH, today=TODAY, actor=None)


def verification() -> Job:
    return queue_verification(builder.region("zaozhuang"), actor=None)


def months_added_up() -> Job:
    return queue_adding_up(builder.region("zaozhuang"), actor=None)


def file() -> Job:
    return a_file(people()).job


def chunk_of_a_file() -> Job:
    """Read, and the messages of its parts are in the broker."""
    found = a_file(people())
    read_settled_file(found.pk)
    return found.job


def file_preview() -> Job:
    """A file of contributions that a worker is to read."""
    content = b"member_number,month,base\nF1,2023-03,5000\n"
    region = builder.region("kaifeng")
    return bring_file("contributions", content, region=region, actor=None, name="contributions.csv").step


def long_list() -> Job:
    """A list with too many rows to be written at once."""
    wanted = Wanted("agency.poolingregion", "", "csv", "", "", None)
    export = queue_export(wanted, actor=User.objects.create_superuser("exporter"), subject="regions")
    assert export.job is not None
    return export.job


def simulation_asked() -> Job:
    """Of a draft that changes nothing; one member was treated in March."""
    member = builder.retiree("pingliang")
    settled(member, served_on=MARCH)
    draft = draft_of(version_in_force(member.region, MARCH), builder.staff("drafting officer"))
    return asked(draft, first_month=MARCH, last_month=MARCH).job


def part_of_a_simulation() -> Job:
    """Cut into parts, and the messages of those who do them are in the broker."""
    member = builder.retiree("baoshan")
    settled(member, served_on=MARCH)
    draft = draft_of(version_in_force(member.region, MARCH), builder.staff("another officer"))
    job = asked(draft, first_month=MARCH, last_month=MARCH).job
    begin_simulation(job.pk)
    return job


BEGUN: dict[str, Callable[[], Job]] = {
    "accounts.tasks.check_credit_run": check,
    "accounts.tasks.post_credit_run": lambda: of(run_posting()),
    "accounts.tasks.post_credit_chunk": chunk_of_a_run,
    "accounts.tasks.post_yearly_interest": interest,
    "agency.tasks.write_export": long_list,
    "files.tasks.go_on_with_import": file_preview,
    "claims.tasks.settle_registered_claims": settlement,
    "claims.tasks.work_on_resettlements": resettlements,
    "monitoring.tasks.raise_review_flags": flags,
    "clearing.tasks.read_settled_file": file,
    "clearing.tasks.settle_settled_chunk": chunk_of_a_file,
    "desk.tasks.verify_queued_books": verification,
    "desk.tasks.add_up_queued_months": months_added_up,
    "simulation.tasks.begin_simulation": simulation_asked,
    "simulation.tasks.simulate_part": part_of_a_simulation,
}


def clock() -> None:
    """Everything that the clock does every few seconds."""
    app.loader.import_default_modules()
    for each in app.conf.beat_schedule.values():
        if isinstance(each["schedule"], timedelta):
            current_app.tasks[each["task"]]()


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.state == JobState.DONE


def test_every_task_is_done_by_the_clock_or_sent_again_by_it() -> None:
    """A new task belongs either into the schedule or into the table above, which loses its message."""
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    by_the_clock = {each["task"] for each in app.conf.beat_schedule.values()}
    assert by_the_clock <= ours
    assert ours - by_the_clock == set(BEGUN)


@committed
@pytest.mark.concurrency
@pytest.mark.fault
@pytest.mark.parametrize("kinds", [[*BEGUN][::2], [*BEGUN][1::2]], ids=["some", "others"])
def test_work_whose_message_is_lost_is_sent_again_and_done_once(
    kinds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHUNK_SIZE", 2)
    for limit in (
        "agency.services.jobs.LOST_AFTER",
        "accounts.services.credit_posting.STALE_AFTER",
        "accounts.services.credit_checks.LOST_AFTER",
        "clearing.services.settled_files.STALE_AFTER",
    ):
        # Long ago is at once; the messages that are sent again are given an hour.
        monkeypatch.setattr(limit, timedelta(hours=-1))
    monkeypatch.setattr("agency.services.jobs.EXPIRES_AFTER", timedelta(hours=1))
    jobs = [BEGUN[kind]() for kind in kinds]
    assert messages() > 0
    flush()
    clock()
    clock()
    assert messages() >= 2 * len(jobs)
    connection.close()
    with worker():
        for kind, job in zip(kinds, jobs, strict=True):
            wait_for(lambda job=job: is_done(job), f"{kind} is not done.")  # type: ignore[misc]
        wait_for(lambda: messages() == 0, "What was sent twice is not taken.")
    for job in jobs:
        assert is_done(job)
        assert job.done == job.total


# --- Sent twice -----------------------------------------------------------------------------------


@committed
@pytest.mark.concurrency
def test_a_step_is_done_by_one_of_two_workers_and_by_nobody_once_the_job_has_gone_on() -> None:
    job = verification()

    def take() -> bool:
        with working_on(job.pk) as found:
            return found is not None and together(lambda: is_taken_by_another(job)) == [True]

    assert take()
    with working_on(job.pk, "an earlier step") as found:
        assert found is None
    # Free again afterwards, until it has ended.
    assert take()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    assert not take()


def is_taken_by_another(job: Job) -> bool:
    with working_on(job.pk) as found:
        return found is None


@committed
@pytest.mark.concurrency
def test_what_a_worker_is_at_is_not_sent_again() -> None:
    job = verification()
    later = timezone.now() + 2 * LOST_AFTER
    assert send_lost_jobs(timezone.now()) == []
    with working_on(job.pk):
        assert together(lambda: send_lost_jobs(later)) == [[]]
    assert send_lost_jobs(later) == [job.pk]
    # It has just been sent.
    assert send_lost_jobs(later) == []


@pytest.mark.django_db
def test_a_chunk_that_is_delivered_late_names_no_claim_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pharmacy's claim without the tier of the prescriber can only be named in the log."""
    monkeypatch.setattr(batches, "CHUNK_SIZE", 1)
    desk = Desk()
    desk.claim("INCOMPLETE", 1, desk.pharmacy)
    desk.claim("LATER", 2)
    job = desk.queue()
    first = job.arguments
    for _delivered in range(2):
        settle_registered_claims(job.pk, *first)
    job.refresh_from_db()
    assert job.arguments != first
    assert job.log.count("INCOMPLETE") == 1
    assert not Settlement.objects.exists()


@pytest.mark.django_db
def test_a_search_that_is_delivered_twice_flags_once() -> None:
    job = flags()
    for _delivered in range(2):
        raise_review_flags(job.pk, *job.arguments)
    assert is_done(job)
    assert job.result == {"flags": 0}
    assert not ReviewFlag.objects.exists()
