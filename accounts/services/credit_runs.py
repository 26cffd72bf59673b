"""A region's monthly credit run: drafted, checked, submitted, approved by another person, posted in chunks."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, CreditRun, RunState
from accounts.models.runs import IN_ADVANCE, OPEN_STATES, WHOLE_MONTH
from accounts.services.credit_posting import close_run_if_done, cut_chunks, kept_digest
from accounts.services.ledger import book
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.jobs import queue_job, start_job
from agency.services.moves import arrive, decide, locked, refuse, submit
from policies.engine.errors import PolicyNotInForce
from policies.models import LawChange
from policies.selectors.versions import version_in_force

FUNDS = (AccountKind.CONTRIBUTION_INCOME, AccountKind.POOLED_FUND, AccountKind.CIVIL_SERVANT_FUND)


def last_day_of_month(month: date) -> date:
    """The last day of a month given by its first."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def open_run(region: PoolingRegion) -> CreditRun | None:
    """The region's run that is not finished, if any."""
    return CreditRun.objects.filter(region=region, state__in=OPEN_STATES).first()


def next_month_due(region: PoolingRegion, today: date) -> date | None:
    """The month after the last posted one once it is over; None before that, or where no month was ever posted."""
    last = CreditRun.objects.filter(region=region, state=RunState.POSTED).aggregate(last=Max("month"))["last"]
    if last is None:
        return None
    following: date = last_day_of_month(last) + timedelta(days=1)
    return following if last_day_of_month(following) < today else None


@transaction.atomic
def draft_run(
    region: PoolingRegion, *, month: date, as_of: date, actor: User | None, today: date | None = None
) -> CreditRun:
    """Begin the credit run of a region for a month, on the facts known by as_of, a day that has come.

    today: the day on which it is begun, None for the one of the clock.

    DomainError for a month that has not begun by as_of, a region without rules on the month's last day, or while
    another run of the region is open.
    """
    first = month.replace(day=1)
    if as_of > (today or timezone.localdate()):
        raise DomainError(_("Nobody knows the facts of a day to come. Choose today or an earlier day."), field="as_of")
    if first > as_of:
        raise DomainError(_("%(month)s has not begun yet.") % {"month": f"{first:%Y-%m}"}, field="month")
    try:
        version_in_force(region, last_day_of_month(first))
    except PolicyNotInForce as error:
        raise DomainError(
            _("%(region)s has no rules in force in %(month)s. Publish a policy version first.")
            % {"region": region, "month": f"{first:%Y-%m}"},
            field="month",
        ) from error
    earlier = CreditRun.objects.filter(region=region, month=first).aggregate(last=Max("sequence"))["last"]
    run = CreditRun(region=region, month=first, sequence=(earlier or 0) + 1, as_of=as_of)
    note_author(run, actor.pk if actor else None)
    try:
        with transaction.atomic():
            tracked_save(run, actor, "drafted")
    except IntegrityError as error:
        raise DomainError(
            _("The credit run %(run)s is still open. Post it or discard it first.") % {"run": open_run(region)}
        ) from error
    return run


def run_payload(run: CreditRun) -> dict[str, Any]:
    """What the second person decides on: what the check found, and the rows that will be posted as they stand."""
    return {
        "region": run.region_id,
        "month": run.month,
        "as_of": run.as_of,
        "summary": run.summary,
        "kept": kept_digest(run),
    }


@transaction.atomic
def submit_run(run: CreditRun, *, actor: User) -> CreditRun:
    """Hand a checked run to another person. DomainError where what the check kept is not what its summary says."""
    run = locked(run, "submit", "region")
    payload = run_payload(run)
    if payload["kept"] != run.summary.get("kept"):
        raise DomainError(_("What this check found is no longer there. Check the run again, then submit it."))
    return submit(run, payload, actor)


def return_run(run: CreditRun, *, actor: User, reason: str, seen: str = "") -> CreditRun:
    """Send a submitted run back; the reason is required. seen: as of `record_decision`."""
    return refuse(run, actor=actor, reason=reason, seen=seen, move="return")


@transaction.atomic
def discard_run(run: CreditRun, *, actor: User, reason: str) -> CreditRun:
    """Give up a run that was not approved; what it took up waits for the next one."""
    run = locked(run, "discard", "region")
    for month in run.months.exclude(cause__in=(WHOLE_MONTH, IN_ADVANCE)):
        LawChange.objects.create(region=run.region, first_month=month.month, last_month=month.month, cause=month.cause)
    # The next run of the month finds by itself whom it has to look at without a change.
    run.marks.filter(cause=WHOLE_MONTH).delete()
    run.marks.update(run=None)
    return arrive(run, actor, reason)


@transaction.atomic
def approve_run(run: CreditRun, *, actor: User, reason: str = "", seen: str = "") -> CreditRun:
    """Approve a submitted run as another person, and cut it into chunks for the workers.

    SamePersonDecides, SubmissionVoided; MoveNotAllowed where it was decided already, so that a second click changes
    nothing.
    """
    run = locked(run, "approve", "region")
    decide(run, run_payload(run), actor, reason, seen)
    for kind in FUNDS:
        book(run.region, kind)
    chunks = cut_chunks(run)
    run.job = queue_job("credit_run", region=run.region, actor=actor, subject=str(run))
    start_job(run.job, total=chunks)
    arrive(run, actor, reason or "approved")
    if not chunks:
        close_run_if_done(run)
    # Sent by name: tasks stand above services.
    transaction.on_commit(lambda: current_app.send_task("accounts.tasks.post_credit_run", args=[run.pk]), robust=True)
    return run
