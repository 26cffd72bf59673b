"""Drafting the credit run of a month that is over, without anybody asking."""

from datetime import date

from django.db import transaction

from accounts.models import CreditRun
from accounts.services.credit_checks import request_check
from accounts.services.credit_runs import draft_run, next_month_due, open_run
from agency.exceptions import DomainError
from agency.models import Job, PoolingRegion
from agency.services.jobs import fail_job, queue_job


@transaction.atomic
def draft_due_run(region: PoolingRegion, today: date) -> CreditRun | None:
    """Draft the run that follows the region's last posted one, once its month is over, and have it checked.

    None where nothing is due: a run is open, the month goes on, or no month was ever posted, since the first one is a
    person's decision. Where it cannot be drafted, a failed job says why, once for the month.
    """
    month = next_month_due(region, today)
    if month is None or open_run(region) is not None:
        return None
    try:
        return request_check(draft_run(region, month=month, as_of=today, actor=None), actor=None)
    except DomainError as error:
        subject = f"{region} {month:%Y-%m}"
        if not Job.objects.filter(kind="credit_run_draft", region=region, subject=subject).exists():
            job = queue_job("credit_run_draft", region=region, actor=None, subject=subject)
            fail_job(job, str(error))
        return None
