"""Workers settle registered claims and what files report, and look for unusual patterns."""

from datetime import date
from typing import Any

from celery import shared_task
from django.db import OperationalError, reset_queries
from django.utils.timezone import localdate, now

from agency.models import PoolingRegion
from agency.services.jobs import send_job, working_on
from claims.services.batches import Place, settle_chunk
from claims.services.file_reading import read_file
from claims.services.file_settling import settle_file_chunk
from claims.services.flags import MONTHS_OF_THE_CLOCK, perform_search, queue_flags
from claims.services.settled_files import lost_files

# Done again without effect: so a lost worker's task goes to another one, and the network's or the database's absence is
# waited for.
_REPEATABLE: dict[str, Any] = {
    "acks_late": True,
    "reject_on_worker_lost": True,
    "ignore_result": True,
    "autoretry_for": (OSError, OperationalError),
    "retry_backoff": True,
}


@shared_task(**_REPEATABLE)
def settle_registered_claims(job_id: int, today: str, last_claim: int, after_day: str | None, after_claim: int) -> None:
    """Settle one chunk of a job's claims, then ask for the next; a chunk done before is done again without effect.

    Days are ISO dates. last_claim: the highest id that belongs to the job. after_…: where the chunk before ended.
    """
    with working_on(job_id, today, last_claim, after_day, after_claim) as job:
        if job is None:
            return
        after = Place(date.fromisoformat(after_day), after_claim) if after_day else None
        place = settle_chunk(job, today=date.fromisoformat(today), last_claim=last_claim, after=after)
        if place is not None:
            send_job(job, settle_registered_claims.name, today, last_claim, place.served_on.isoformat(), place.claim_id)


@shared_task(**_REPEATABLE)
def raise_review_flags(job_id: int, month: str, today: str, months: int) -> None:
    """Look for the patterns of a month, and of the months before it until it is so many months; once a job.

    month, today: ISO dates.
    """
    with working_on(job_id, month, today, months) as job:
        if job is not None:
            perform_search(job, month=date.fromisoformat(month), today=date.fromisoformat(today), months=months)


@shared_task(ignore_result=True)
def look_for_patterns() -> None:
    """Queue a search of every region's last months, each region a job of its own."""
    today = localdate()
    for region in PoolingRegion.objects.all():
        queue_flags(region, month=today, today=today, actor=None, months=MONTHS_OF_THE_CLOCK)


@shared_task(**_REPEATABLE)
def read_settled_file(file_id: int) -> None:
    """Read a file of direct settlements, and send every chunk of it that waits to the workers."""
    for chunk_id in read_file(file_id):
        settle_settled_chunk.delay(chunk_id)


@shared_task(**_REPEATABLE)
def settle_settled_chunk(chunk_id: int) -> None:
    """Settle one chunk of a file; a chunk done before is left alone."""
    settle_file_chunk(chunk_id)
    # In development Django keeps every statement until a request ends, and a worker has no requests.
    reset_queries()


@shared_task(ignore_result=True)
def resume_settled_files() -> None:
    """Send again what a lost worker or a lost message left behind."""
    for file_id in lost_files(now()):
        read_settled_file.delay(file_id)
