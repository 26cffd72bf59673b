"""What workers do about a batch of re-settlements: calculate its members' years, then settle anew what was approved."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.services.after_closing import locked_due
from agency.exceptions import DomainError
from agency.models import Job, JobState
from agency.services.history import tracked_save
from agency.services.jobs import fail_job, finish_job, start_job, tally_job
from claims.models import BatchState, BatchYear, ResettlementBatch, YearState
from claims.selectors.resettlements import back_to_accounts, pooled_difference
from claims.services.batch_plans import planned_year
from claims.services.resettling import Origin, check_rooms, write_anew

ZERO = Decimal("0.00")
# A worker that dies takes at most one member's year with it; so many are done before the next message.
CHUNK_SIZE = 100
_OPEN_YEARS = {BatchState.PLANNING.value: YearState.LISTED, BatchState.SETTLING.value: YearState.OTHERWISE}


def work_on_chunk(job: Job, batch_id: int, *, after: int, today: date) -> int | None:
    """Do the next CHUNK_SIZE years of a batch after this year's id, each whole in a transaction of its own.

    Returns the last one's id, None where none is left; then the batch is a draft, or settled. Doing it again finds the
    years done and changes nothing. today: the day of settlement.
    """
    batch = ResettlementBatch.objects.select_related("version__region", "decided_by").get(pk=batch_id)
    if batch.state not in _OPEN_YEARS or batch.job_id != job.pk:
        finish_job(job)
        return None
    waiting = batch.years.filter(state=_OPEN_YEARS[batch.state])
    if job.state == JobState.QUEUED:
        start_job(job, total=waiting.count())
    numbers = list(waiting.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK_SIZE])
    try:
        for number in numbers:
            _work_on_year(job, batch, number, today)
    except (OSError, OperationalError):
        # The database or the network is away: the task is tried again.
        raise
    except Exception:
        fail_job(job, _("The work broke off because of a fault in the program. What is done stays done; go on later."))
        raise
    if len(numbers) == CHUNK_SIZE:
        return numbers[-1]
    _finish(job, batch)
    return None


@transaction.atomic
def _work_on_year(job: Job, batch: ResettlementBatch, number: int, today: date) -> None:
    """Calculate a year, or settle it anew, and count it, all together; nothing where another worker has done it."""
    # The batch is shared: it is discarded only between two years.
    held = ResettlementBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    year = BatchYear.objects.select_for_update(of=("self",)).select_related("member").get(pk=number)
    if held.state != batch.state or year.state != _OPEN_YEARS[batch.state]:
        return
    if batch.state == BatchState.PLANNING:
        _calculate(batch, year)
    else:
        _settle(batch, year, today)
    year.save()
    tally_job(job, Counter([year.state]))


def _calculate(batch: ResettlementBatch, year: BatchYear) -> None:
    try:
        consequences, year.plan = planned_year(batch, year, locks=False)
        if consequences is not None:
            check_rooms(consequences)
    except DomainError as fault:
        year.state, year.sentence = YearState.FAULTY, str(fault)
        return
    lines = year.plan["lines"]
    year.state = YearState.OTHERWISE if lines else YearState.SAME
    year.difference = sum((Decimal(line["difference"]) for line in lines), ZERO)
    year.pooled_difference = sum((pooled_difference(line) for line in lines), ZERO)


def _settle(batch: ResettlementBatch, year: BatchYear, today: date) -> None:
    """Settle the year anew as planned; where it cannot be, or would be something else, say so and leave it."""
    actor: Any = batch.decided_by
    try:
        with transaction.atomic():
            consequences, plan = planned_year(batch, year, locks=True)
            if consequences is None or plan != year.plan:
                raise DomainError(_("By now it comes out otherwise than planned. It belongs to the next batch."))
            origin = Origin(batch, {"batch_year": year}, f"resettled_year:{year.pk}", batch.reason)
            due = locked_due(back_to_accounts(plan["lines"]))
            write_anew(consequences, origin, due=due, today=today, actor=actor)
    except DomainError as fault:
        year.state, year.sentence = YearState.SKIPPED, str(fault)
        return
    year.state = YearState.SETTLED


@transaction.atomic
def _finish(job: Job, batch: ResettlementBatch) -> None:
    held = ResettlementBatch.objects.select_for_update(no_key=True).select_related("version").get(pk=batch.pk)
    if held.state == batch.state:
        _tally(held)
        held.state = BatchState.DRAFT if batch.state == BatchState.PLANNING else BatchState.SETTLED
        tracked_save(held, batch.decided_by, "calculated" if held.state == BatchState.DRAFT else "settled anew")
    job.refresh_from_db()
    finish_job(job, job.result)


def _tally(batch: ResettlementBatch) -> None:
    """Keep how many of its years come out otherwise and by how much; the caller saves it."""
    found = batch.years.filter(state__in=(YearState.OTHERWISE, YearState.SETTLED)).aggregate(
        concerned=Count("pk"),
        difference=Sum("difference", default=ZERO),
        pooled_difference=Sum("pooled_difference", default=ZERO),
    )
    for name, value in found.items():
        setattr(batch, name, value)
