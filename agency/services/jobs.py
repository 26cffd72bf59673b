"""Jobs: every long task reports here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from agency.models import Job, JobState, PoolingRegion, User

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
# A step that was sent so long ago, and that no worker is at, was lost with its message or its worker.
LOST_AFTER = timedelta(seconds=30)
# What no worker has taken by then has been sent once more, or it would heap up.
EXPIRES_AFTER = LOST_AFTER


def queue_job(kind: str, *, region: PoolingRegion | None, actor: User | None, subject: str = "") -> Job:
    """Register a long task before it starts."""
    return Job.objects.create(kind=kind, region=region, requested_by=actor, subject=subject)


@transaction.atomic
def send_job(job: Job, task: str, *arguments: Any) -> None:
    """Have a worker do the job's next step: the task of this name, with the job's id and these arguments, as JSON has
    them.

    The message leaves with the commit. The job keeps what it said, so that the clock sends it again where it is lost;
    a broker that is away is no error.
    """
    job.task, job.arguments, job.sent_at = task, list(arguments), timezone.now()
    job.save(update_fields=["task", "arguments", "sent_at"])
    _send(job)


def _send(job: Job, **options: Any) -> None:
    # By name: tasks stand above services.
    transaction.on_commit(
        lambda: current_app.send_task(job.task, args=[job.pk, *job.arguments], **options), robust=True
    )


@contextmanager
def working_on(job_id: int, *arguments: Any) -> Iterator[Job | None]:
    """The job, kept from other workers, for whoever does the step that these arguments were sent for.

    None for whoever comes with a message that was delivered twice: another worker is at it, the job has gone on since,
    or it has ended. A worker that dies leaves the job free.
    """
    if not _taken(job_id):
        yield None
        return
    try:
        jobs = Job.objects.select_related("region", "requested_by")
        yield jobs.filter(pk=job_id, state__in=UNFINISHED, arguments=list(arguments)).first()
    finally:
        _set_free(job_id)


def _taken(job_id: int) -> bool:
    """Take the job for this connection; False where another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"job {job_id}"])
        return bool(cursor.fetchone()[0])


def _set_free(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"job {job_id}"])


@transaction.atomic
def send_lost_jobs(now: datetime) -> list[int]:
    """Send again every step that was sent LOST_AFTER ago and that no worker is at; returns the jobs' ids.

    Sent twice is no harm: see `working_on`.
    """
    waiting = Job.objects.filter(state__in=UNFINISHED, sent_at__lt=now - LOST_AFTER).order_by("pk")
    lost = [job for job in waiting.select_for_update(of=("self",), no_key=True, skip_locked=True) if _is_free(job)]
    for job in lost:
        job.sent_at = now
        job.save(update_fields=["sent_at"])
        _send(job, expires=EXPIRES_AFTER.total_seconds())
    return [job.pk for job in lost]


def _is_free(job: Job) -> bool:
    if not _taken(job.pk):
        return False
    _set_free(job.pk)
    return True


def start_job(job: Job, total: int = 0) -> None:
    """A worker takes the job; `total` is the number of units, 0 while unknown."""
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, total=total, done=0, started_at=timezone.now())


def resize_job(job: Job, total: int) -> None:
    """It turns out how many units there are."""
    Job.objects.filter(pk=job.pk).update(total=total)


def advance_job(job: Job, by: int = 1) -> None:
    """So many more units are done; safe from several workers at once."""
    Job.objects.filter(pk=job.pk).update(done=F("done") + by)


@transaction.atomic
def tally_job(job: Job, outcomes: Mapping[str, int]) -> None:
    """So many more units are done, by outcome; the job's result counts them. Safe from several workers at once."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    for outcome, count in outcomes.items():
        job.done += count
        job.result[outcome] = job.result.get(outcome, 0) + count
    job.save(update_fields=["done", "result"])


def log_job(job: Job, line: str) -> None:
    """Add one line to the job's log. Row numbers and reasons, never personal data."""
    Job.objects.filter(pk=job.pk).update(log=Concat(F("log"), Value(line.rstrip() + "\n")))


def finish_job(job: Job, result: dict[str, Any] | None = None) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, done=F("total"), result=result or {}, finished_at=timezone.now()
    )


def fail_job(job: Job, reason: str, result: dict[str, Any] | None = None) -> None:
    """The job ended badly; the reason is a sentence for the person who asked. Without a result it keeps its own."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED,
        result=F("result") if result is None else result,
        log=Concat(F("log"), Value(reason.rstrip() + "\n")),
        finished_at=timezone.now(),
    )
