"""Workers check credit runs and post them chunk by chunk; the clock drafts them and picks up what was lost."""

from datetime import timedelta

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from accounts.models import CreditRun
from accounts.services.credit_calendar import draft_due_run
from accounts.services.credit_checks import lost_checks, perform_check
from accounts.services.credit_posting import forget_checked, post_chunk, stale_runs, waiting_chunks
from accounts.services.interest import post_interest, unfinished_interest
from agency.models import PoolingRegion
from agency.schedule import Periodic


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def check_credit_run(run_id: int) -> None:
    """Check a run that somebody asked to have checked."""
    perform_check(run_id)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def post_credit_run(run_id: int) -> None:
    """Send every waiting chunk of a run to the workers."""
    for chunk_id in waiting_chunks(CreditRun.objects.get(pk=run_id)):
        post_credit_chunk.delay(chunk_id)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def post_credit_chunk(chunk_id: int) -> None:
    """Post one chunk; a chunk posted before is left alone. One that fails is sent again by `resume_credit_runs`."""
    post_chunk(chunk_id)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def post_yearly_interest(interest_id: int) -> None:
    """Post one range of accounts, and have the next one posted where something is left."""
    if post_interest(interest_id):
        post_yearly_interest.delay(interest_id)


@shared_task(ignore_result=True)
def resume_credit_runs() -> None:
    """Send again what a lost worker or a lost message left behind: parts that wait, checks that nobody does.

    What was kept for the posting goes once it is posted.
    """
    now = timezone.now()
    for run_id in stale_runs(now):
        post_credit_run.delay(run_id)
    for run_id in lost_checks(now):
        check_credit_run.delay(run_id)
    for interest_id in unfinished_interest():
        post_yearly_interest.delay(interest_id)
    forget_checked()


@shared_task(ignore_result=True)
def draft_credit_runs() -> None:
    """Draft each region's run of the next month that is over."""
    for region in PoolingRegion.objects.all():
        draft_due_run(region, timezone.localdate())


SCHEDULE = [
    Periodic("resume what a lost worker or message left behind", resume_credit_runs, timedelta(seconds=10)),
    Periodic("draft the credit runs of months that are over", draft_credit_runs, crontab(hour=1, minute=30)),
]
