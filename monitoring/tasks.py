"""Workers look for unusual patterns."""

from datetime import date
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.db import OperationalError
from django.utils.timezone import localdate

from agency.models import PoolingRegion
from agency.schedule import Periodic
from agency.services.jobs import working_on
from monitoring.services.flags import MONTHS_OF_THE_CLOCK, perform_search, queue_flags

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


SCHEDULE = [Periodic("look for unusual patterns", look_for_patterns, crontab(hour=2, minute=0))]
