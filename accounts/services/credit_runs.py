"""A region's monthly credit run: drafted, checked, submitted, approved by another person, posted in chunks."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccountKind,
    ChunkState,
    CreditChunk,
    CreditException,
    CreditMark,
    CreditRun,
    CreditRunMonth,
    RunState,
)
from accounts.models.runs import OPEN_STATES
from accounts.services import credit_sql
from accounts.services.ledger import book
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
from agency.services.jobs import advance_job, finish_job, queue_job, start_job
from members.models import Member
from members.services.changes import take_changes
from policies.engine.errors import MissingLaw, PolicyNotInForce
from policies.models import LawChange
from policies.selectors.versions import version_in_force

CHUNK_SIZE = 5000
FUNDS = (AccountKind.CONTRIBUTION_INCOME, AccountKind.POOLED_FUND, AccountKind.CIVIL_SERVANT_FUND)


def last_day_of_month(month: date) -> date:
    """The last day of a month given by its first."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _locked(run: CreditRun, *states: RunState) -> CreditRun:
    found = CreditRun.objects.select_for_update(of=("self",)).select_related("region", "job").get(pk=run.pk)
    if found.state not in states:
        raise MoveNotAllowed(
            _("This run is %(state)s; that cannot be done with it.") % {"state": found.get_state_display()}
        )
    return found


@transaction.atomic
def draft_run(region: PoolingRegion, *, month: date, as_of: date, actor: User | None) -> CreditRun:
    """Begin the credit run of a region for a month, on the facts known by as_of.

    DomainError for a month that has not begun by as_of, a region without rules on the month's last day, or while
    another run of the region is open.
    """
    first = month.replace(day=1)
    if first > as_of:
        raise DomainError(_("%(month)s has not begun yet.") % {"month": f"{first:%Y-%m}"})
    try:
        version_in_force(region, last_day_of_month(first))
    except PolicyNotInForce as error:
        raise DomainError(
            _("%(region)s has no rules in force in %(month)s. Publish a policy version first.")
            % {"region": region, "month": f"{first:%Y-%m}"}
        ) from error
    earlier = CreditRun.objects.filter(region=region, month=first).aggregate(last=Max("sequence"))["last"]
    run = CreditRun(region=region, month=first, sequence=(earlier or 0) + 1, as_of=as_of)
    try:
        with transaction.atomic():
            tracked_save(run, actor, "drafted")
    except IntegrityError as error:
        raise DomainError(_("Another credit run of this region is open. Finish or discard it first.")) from error
    return run


@transaction.atomic
def check_run(run: CreditRun, *, actor: User | None) -> CreditRun:
    """Find out what the run would post and who cannot be credited; nothing is posted.

    Takes up what has changed about months already posted. MissingLaw where the rules in force do not decide.
    """
    found = _locked(run, RunState.DRAFT, RunState.CHECKED)
    _take_up_changes(found)
    CreditException.objects.filter(run=found).delete()
    with connection.cursor() as cursor:
        everyone = _parameters(found, *_member_range(found))
        cursor.execute(credit_sql.UNDECIDED, everyone)
        unruled, doubled, lawless = cursor.fetchone()
        if unruled or doubled or lawless:
            raise MissingLaw(f"{found}: {unruled} without a rule, {doubled} with several, {lawless} months without law")
        cursor.execute(credit_sql.LIST_EXCEPTIONS, everyone)
        cursor.execute(credit_sql.PREVIEW, everyone)
        lines = [_summary_line(row) for row in cursor.fetchall()]
    found.summary = {"lines": lines, "exceptions": _exception_counts(found)}
    found.state = RunState.CHECKED
    tracked_save(found, actor, "checked")
    return found


def _summary_line(row: tuple[Any, ...]) -> dict[str, Any]:
    employment, status, component, fund, earlier, members, amount = row
    return {
        "employment": employment,
        "status": status,
        "component": component,
        "fund": fund,
        "earlier_months": earlier,
        "credits": members,
        "amount": str(amount),
    }


def _exception_counts(run: CreditRun) -> dict[str, int]:
    rows = run.exceptions.values("reason").annotate(count=Count("pk")).order_by("reason")
    return {row["reason"]: row["count"] for row in rows}


def _member_range(run: CreditRun) -> tuple[int, int]:
    ends = Member.objects.filter(region=run.region).aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"] or 0, ends["last"] or 0


def _parameters(run: CreditRun, first: int, last: int) -> dict[str, Any]:
    return {
        "run": run.pk,
        "region": run.region_id,
        "month": run.month,
        "as_of": run.as_of,
        "actor": run.decided_by_id,
        "first": first,
        "last": last,
    }


def _take_up_changes(run: CreditRun) -> None:
    """Mark the posted months that changed since: whole months for changes of law, single ones for members."""
    posted = set(
        CreditRun.objects.filter(region=run.region, state=RunState.POSTED)
        .exclude(month=run.month)
        .values_list("month", flat=True)
    )
    CreditRunMonth.objects.get_or_create(run=run, month=run.month, defaults={"cause": "month"})
    for change in LawChange.objects.select_for_update().filter(region=run.region, pending=True):
        for month in _within(posted, change.first_month, change.last_month):
            CreditRunMonth.objects.get_or_create(run=run, month=month, defaults={"cause": change.cause})
        change.pending = False
        change.save(update_fields=["pending"])
    marks = [
        CreditMark(member_id=member_id, month=month, cause=cause, run=run)
        for member_id, first, last, cause in take_changes(run.region, run.as_of)
        for month in _within(posted, first, last)
    ]
    CreditMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=5000)
    # Marks that a discarded run left behind; one that this run has already would be a second of the same.
    held = run.marks.filter(member=OuterRef("member"), month=OuterRef("month"))
    CreditMark.objects.filter(~Exists(held), member__region=run.region, run__isnull=True).update(run=run)


def _within(months: Iterable[date], first: date, last: date | None) -> list[date]:
    return sorted(month for month in months if month >= first and (last is None or month <= last))


def run_payload(run: CreditRun) -> dict[str, Any]:
    """What the second person decides on."""
    return {"region": run.region_id, "month": run.month, "as_of": run.as_of, "summary": run.summary}


@transaction.atomic
def submit_run(run: CreditRun, *, actor: User) -> CreditRun:
    """Hand a checked run to another person."""
    found = _locked(run, RunState.CHECKED)
    record_submission(found, actor, run_payload(found))
    found.state = RunState.SUBMITTED
    tracked_save(found, actor, "submitted")
    return found


@transaction.atomic
def return_run(run: CreditRun, *, actor: User, reason: str) -> CreditRun:
    """Send a submitted run back; the reason is required."""
    found = _locked(run, RunState.SUBMITTED)
    record_decision(found, actor, run_payload(found), reason, reason_required=True)
    found.state = RunState.CHECKED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def discard_run(run: CreditRun, *, actor: User, reason: str) -> CreditRun:
    """Give up a run that was not approved; what it took up waits for the next one."""
    found = _locked(run, RunState.DRAFT, RunState.CHECKED)
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    for month in found.months.exclude(month=found.month):
        LawChange.objects.create(
            region=found.region, first_month=month.month, last_month=month.month, cause=month.cause
        )
    found.marks.update(run=None)
    found.state = RunState.DISCARDED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def approve_run(run: CreditRun, *, actor: User, reason: str = "") -> CreditRun:
    """Approve a submitted run as another person, and cut it into chunks for the workers.

    SamePersonDecides, SubmissionVoided; MoveNotAllowed where it was decided already, so that a second click changes
    nothing.
    """
    found = _locked(run, RunState.SUBMITTED)
    record_decision(found, actor, run_payload(found), reason)
    for kind in FUNDS:
        book(found.region, kind)
    chunks = _chunks(found)
    found.job = queue_job("credit_run", region=found.region, actor=actor, subject=str(found))
    start_job(found.job, total=len(chunks))
    found.state = RunState.POSTING
    tracked_save(found, actor, reason or "approved")
    CreditChunk.objects.bulk_create(chunks)
    if not chunks:
        close_run_if_done(found)
    # Sent by name: tasks stand above services.
    transaction.on_commit(lambda: current_app.send_task("accounts.tasks.post_credit_run", args=[found.pk]), robust=True)
    return found


def _chunks(run: CreditRun) -> list[CreditChunk]:
    """Disjoint ranges of member ids, about CHUNK_SIZE members each."""
    ids = list(
        Member.objects.filter(region=run.region).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=50_000)
    )
    return [
        CreditChunk(run=run, first_member=ids[start], last_member=ids[min(start + CHUNK_SIZE, len(ids)) - 1])
        for start in range(0, len(ids), CHUNK_SIZE)
    ]


def waiting_chunks(run: CreditRun) -> list[int]:
    """Ids of the chunks that no worker has posted yet."""
    return list(run.chunks.filter(state=ChunkState.WAITING).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def post_chunk(chunk_id: int) -> int:
    """Post one chunk in one transaction; returns the number of entries, 0 where it was posted before.

    The chunk's row is locked, so that two workers with the same chunk post it once; the last chunk closes the run.
    """
    chunk = (
        CreditChunk.objects.select_for_update(of=("self",)).select_related("run__region", "run__job").get(pk=chunk_id)
    )
    if chunk.state == ChunkState.POSTED:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(credit_sql.POST_CHUNK, _parameters(chunk.run, chunk.first_member, chunk.last_member))
        chunk.entry_count, chunk.amount = cursor.fetchone()
    chunk.state = ChunkState.POSTED
    chunk.posted_at = timezone.now()
    chunk.save()
    if chunk.run.job:
        advance_job(chunk.run.job)
    close_run_if_done(chunk.run)
    return chunk.entry_count


def close_run_if_done(run: CreditRun) -> None:
    """Close the run once no chunk waits; the run's row is locked, so that one of two last chunks does it."""
    found = CreditRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if found.state != RunState.POSTING or found.chunks.filter(state=ChunkState.WAITING).exists():
        return
    totals = found.chunks.aggregate(entries=Sum("entry_count"), amount=Sum("amount"))
    found.entry_count = totals["entries"] or 0
    found.amount = totals["amount"] or Decimal("0.00")
    found.state = RunState.POSTED
    found.posted_at = timezone.now()
    tracked_save(found, found.decided_by, "posted")
    if found.job:
        finish_job(found.job, {"entries": found.entry_count, "amount": str(found.amount)})


def open_run(region: PoolingRegion) -> CreditRun | None:
    """The region's run that is not finished, if any."""
    return CreditRun.objects.filter(region=region, state__in=OPEN_STATES).first()
