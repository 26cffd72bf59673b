"""Workers settle registered claims."""

from datetime import date

from celery import shared_task
from django.db import OperationalError

from agency.models import Job
from claims.services.batches import Place, settle_chunk


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    autoretry_for=(OSError, OperationalError),
    retry_backoff=True,
)
def settle_registered_claims(
    job_id: int, today: str, last_claim: int, after_day: str | None = None, after_claim: int = 0
) -> None:
    """Settle one chunk of a job's claims, then ask for the next; a chunk done before is done again without effect.

    Days are ISO dates. last_claim: the highest id that belongs to the job. after_…: where the chunk before ended.
    """
    place = settle_chunk(
        Job.objects.select_related("requested_by").get(pk=job_id),
        today=date.fromisoformat(today),
        last_claim=last_claim,
        after=Place(date.fromisoformat(after_day), after_claim) if after_day else None,
    )
    if place is not None:
        settle_registered_claims.delay(job_id, today, last_claim, place.served_on.isoformat(), place.claim_id)
