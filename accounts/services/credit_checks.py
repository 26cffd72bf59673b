"""Checking a credit run before anything is posted: what it would post, and who is left out."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import CheckedCredit, CreditException, CreditMark, CreditRun, CreditRunMonth, RunState
from accounts.models.runs import IN_ADVANCE, WHOLE_MONTH
from accounts.services import credit_check_sql, credit_sql
from accounts.services.credit_posting import kept_digest, run_parameters
from agency.exceptions import DomainError
from agency.models import JobState, User
from agency.services.jobs import fail_job, finish_job, queue_job, start_job
from agency.services.moves import arrive, locked
from members.models import Member
from members.services.changes import take_changes
from policies.engine.errors import MissingLaw
from policies.models import LawChange
from policies.selectors.versions import months_in_advance

UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
# A worker that checks holds the run's row; a request this old whose row is free was lost.
LOST_AFTER = timedelta(seconds=30)
Line = dict[str, Any]


@transaction.atomic
def request_check(run: CreditRun, *, actor: User | None) -> CreditRun:
    """Have a worker check a drafted or checked run; until it has, the run cannot be submitted.

    DomainError while it is being checked already.
    """
    run = locked(run, "ask_for_check", "region", "job")
    if is_being_checked(run):
        raise DomainError(_("The run is being checked already. Wait for its result."))
    run.job = queue_job("credit_run_check", region=run.region, actor=actor, subject=str(run))
    arrive(run, actor, "check requested")
    transaction.on_commit(lambda: current_app.send_task("accounts.tasks.check_credit_run", args=[run.pk]), robust=True)
    return run


def is_being_checked(run: CreditRun) -> bool:
    """Whether a check was asked for and has not ended."""
    return run.state == RunState.DRAFT and run.job is not None and run.job.state in UNDER_WAY


def lost_checks(now: datetime) -> list[int]:
    """Ids of the runs whose check was asked for, and which no worker holds."""
    with transaction.atomic():
        rows = CreditRun.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        asked = rows.filter(state=RunState.DRAFT, job__state__in=UNDER_WAY, job__created_at__lt=now - LOST_AFTER)
        return list(asked.values_list("pk", flat=True))


def perform_check(run_id: int) -> None:
    """Check a run as its job asks, and say on the job how it ended; nothing where it was done, or is being done."""
    run = CreditRun.objects.select_related("job__requested_by").get(pk=run_id)
    job = run.job
    if job is None or not is_being_checked(run):
        return
    start_job(job)
    try:
        with transaction.atomic():
            free = CreditRun.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            if not free.filter(pk=run_id, job=job, job__state__in=UNDER_WAY).exists():
                return
            checked = check_run(run, actor=job.requested_by)
    except (DomainError, MissingLaw) as error:
        fail_job(job, str(error))
    else:
        finish_job(job, {"exceptions": sum(checked.summary["exceptions"].values())})


@transaction.atomic
def check_run(run: CreditRun, *, actor: User | None) -> CreditRun:
    """Find out what the run would post and who cannot be credited, and keep it for the posting; nothing is posted.

    Takes up what has changed about months already posted. MissingLaw where the rules in force do not decide.
    """
    run = locked(run, "check", "region", "job")
    _take_up_changes(run)
    CreditException.objects.filter(run=run).delete()
    CheckedCredit.objects.filter(run=run).delete()
    with connection.cursor() as cursor:
        everyone = run_parameters(run, *_member_range(run))
        cursor.execute(credit_sql.CHECK, everyone)
        cursor.execute(credit_check_sql.UNDECIDED, everyone)
        unruled, doubled, lawless = cursor.fetchone()
        if unruled or doubled or lawless:
            raise MissingLaw(f"{run}: {unruled} without a rule, {doubled} with several, {lawless} months without law")
        cursor.execute(credit_check_sql.LIST_EXCEPTIONS, everyone)
        cursor.execute(credit_check_sql.KEEP, everyone)
        cursor.execute(credit_check_sql.PREVIEW, everyone)
        lines = [_summary_line(row) for row in cursor.fetchall()]
        cursor.execute(credit_check_sql.ABOVE_ENTITLEMENT)
        above, excess = cursor.fetchone()
        cursor.execute(credit_check_sql.AFTER_CLOSINGS)
        people, due, late = cursor.fetchone()
        cursor.execute("DROP TABLE checked_standing")
    run.summary = {
        "lines": lines,
        "exceptions": _exception_counts(run),
        "above_entitlement": {"credits": above, "amount": str(excess)},
        "after_closings": {"members": people, "credits": due, "amount": str(late)},
        "last_month": _last_month(run),
        "kept": kept_digest(run),
    }
    return arrive(run, actor, "checked")


def _summary_line(row: tuple[Any, ...]) -> Line:
    employment, status, component, fund, earlier, ahead, members, amount = row
    return {
        "employment": employment,
        "status": status,
        "component": component,
        "fund": fund,
        "earlier_months": earlier,
        "in_advance": ahead,
        "credits": members,
        "amount": str(amount),
    }


def _last_month(run: CreditRun) -> list[Line]:
    """What the runs of the month before found for that month itself, by the same kinds; empty where there was none."""
    previous = (run.month - timedelta(days=1)).replace(day=1)
    kinds: dict[tuple[str, str, str, str], Line] = {}
    for other in CreditRun.objects.filter(region=run.region, month=previous, state=RunState.POSTED):
        for line in other.summary.get("lines", []):
            if line["earlier_months"] or line.get("in_advance"):
                continue
            key = (line["employment"], line["status"], line["component"], line["fund"])
            if key in kinds:
                kinds[key]["credits"] += line["credits"]
                kinds[key]["amount"] = str(Decimal(kinds[key]["amount"]) + Decimal(line["amount"]))
            else:
                kinds[key] = dict(line)
    return list(kinds.values())


def _exception_counts(run: CreditRun) -> dict[str, int]:
    rows = run.exceptions.values("reason").annotate(count=Count("pk")).order_by("reason")
    return {row["reason"]: row["count"] for row in rows}


def _member_range(run: CreditRun) -> tuple[int, int]:
    ends = Member.objects.filter(region=run.region).aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"] or 0, ends["last"] or 0


def _take_up_changes(run: CreditRun) -> None:
    """Mark what the run has to look at: its whole month where that was never posted, and what changed since about the
    posted ones, whole months for changes of law, single ones for members.

    Of a month that was posted it also looks again at those whom the earlier run could not credit.
    """
    posted = sorted(
        set(CreditRun.objects.filter(region=run.region, state=RunState.POSTED).values_list("month", flat=True))
    )
    if run.month not in posted:
        CreditRunMonth.objects.get_or_create(run=run, month=run.month, defaults={"cause": WHOLE_MONTH})
    # Looked at in every run, so that whoever left meanwhile is listed for the months that are not due any more.
    for month in months_in_advance(run.region, run.month):
        if month not in posted:
            CreditRunMonth.objects.get_or_create(run=run, month=month, defaults={"cause": IN_ADVANCE})
    for change in LawChange.objects.select_for_update().filter(region=run.region, pending=True):
        for month in _within(posted, change.first_month, change.last_month):
            CreditRunMonth.objects.get_or_create(run=run, month=month, defaults={"cause": change.cause})
        change.pending = False
        change.save(update_fields=["pending"])
    parameters: dict[str, Any] = {"run": run.pk, "region": run.region_id, "month": run.month}
    take_changes(run.region, run.as_of, posted)
    with connection.cursor() as cursor:
        cursor.execute(credit_check_sql.MARK_TAKEN, parameters)
        cursor.execute(credit_check_sql.MARK_THOSE_LEFT_OUT, parameters)
    # Marks that a discarded run left behind; one that this run has already would be a second of the same.
    held = run.marks.filter(member=OuterRef("member"), month=OuterRef("month"))
    CreditMark.objects.filter(~Exists(held), member__region=run.region, run__isnull=True).update(run=run)


def _within(months: Iterable[date], first: date, last: date | None) -> list[date]:
    return [month for month in months if month >= first and (last is None or month <= last)]
