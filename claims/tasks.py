"""Workers settle registered claims, and settle anew what a retroactive version concerns."""

from datetime import date
from typing import Any

from celery import shared_task
from django.db import OperationalError
from django.utils.timezone import localdate

from agency.services.jobs import send_job, working_on
from claims.services.batch_work import work_on_chunk
from claims.services.batches import Place, settle_chunk

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
def work_on_resettlements(job_id: int, batch: int, after: int) -> None:
    """Do one chunk of a batch's members' years, then ask for the next; one done before is done again without effect.

    after: the id of the year with which the chunk before ended.
    """
    with working_on(job_id, batch, after) as job:
        if job is None:
            return
        last = work_on_chunk(job, batch, after=after, today=localdate())
        if last is not None:
            send_job(job, work_on_resettlements.name, batch, last)
