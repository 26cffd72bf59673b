"""Jobs: every long task reports here."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from agency.models import Job, JobState, PoolingRegion, User


def queue_job(kind: str, *, region: PoolingRegion | None, actor: User | None, subject: str = "") -> Job:
    """Register a long task before it starts."""
    return Job.objects.create(kind=kind, region=region, requested_by=actor, subject=subject)


def start_job(job: Job, total: int = 0) -> None:
    """A worker takes the job; `total` is the number of units, 0 while unknown."""
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, total=total, done=0, started_at=timezone.now())


def advance_job(job: Job, by: int = 1) -> None:
    """So many more units are done; safe from several workers at once."""
    Job.objects.filter(pk=job.pk).update(done=F("done") + by)


@transaction.atomic
def tally_job(job: Job, outcomes: Mapping[str, int]) -> None:
    """So many more units are done, by outcome; the job's result counts them. Safe from several workers at once."""
    found = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    for outcome, count in outcomes.items():
        found.done += count
        found.result[outcome] = found.result.get(outcome, 0) + count
    found.save(update_fields=["done", "result"])


def log_job(job: Job, line: str) -> None:
    """Add one line to the job's log. Row numbers and reasons, never personal data."""
    Job.objects.filter(pk=job.pk).update(log=Concat(F("log"), Value(line.rstrip() + "\n")))


def finish_job(job: Job, result: dict[str, Any] | None = None) -> None:
    """The job ended well."""
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
