"""Workers post credit runs chunk by chunk."""

from celery import shared_task

from accounts.models import CreditRun
from accounts.services.credit_runs import post_chunk, waiting_chunks


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def post_credit_run(run_id: int) -> None:
    """Send every waiting chunk of a run to the workers."""
    for chunk_id in waiting_chunks(CreditRun.objects.get(pk=run_id)):
        post_credit_chunk.delay(chunk_id)


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    autoretry_for=(OSError,),
    retry_backoff=True,
)
def post_credit_chunk(chunk_id: int) -> None:
    """Post one chunk; a chunk posted before is left alone."""
    post_chunk(chunk_id)
