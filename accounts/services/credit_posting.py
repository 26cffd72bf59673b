"""Posting an approved credit run: chunk by chunk, each in one transaction, picked up again where a worker was lost."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import CheckedCredit, ChunkState, CreditChunk, CreditRun, RunState
from accounts.services import credit_posting_sql
from accounts.services.credit_after_closing import post_after_closings
from agency.services.history import tracked_save
from agency.services.jobs import advance_job, finish_job
from members.models.contributions import PENSION_KINDS

CHUNK_SIZE = 5000
# A chunk takes a second or two. What has not moved for this long was lost with its worker or its message; where it was
# not, a chunk sent twice is passed by.
STALE_AFTER = timedelta(seconds=5)


def run_parameters(run: CreditRun, first: int, last: int) -> dict[str, Any]:
    """What the run's statements are told: the run, and the members from first to last."""
    return {
        "run": run.pk,
        "region": run.region_id,
        "month": run.month,
        "as_of": run.as_of,
        "actor": run.decided_by_id,
        "first": first,
        "last": last,
        "pension_kinds": [kind.value for kind in PENSION_KINDS],
    }


def kept_digest(run: CreditRun) -> str:
    """What names the rows that the run's check kept, whatever their order; it changes with any of them."""
    with connection.cursor() as cursor:
        cursor.execute(credit_posting_sql.DIGEST, {"run": run.pk})
        return "{}:{}".format(*cursor.fetchone())


def forget_checked() -> None:
    """Delete what was kept for runs that are posted or discarded: the ledger says it, or nobody needs it."""
    done = CreditRun.objects.filter(state__in=(RunState.POSTED, RunState.DISCARDED))
    CheckedCredit.objects.filter(run__in=done).delete()


def cut_chunks(run: CreditRun) -> int:
    """Cut those whom the check kept into disjoint ranges of at most CHUNK_SIZE members; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(credit_posting_sql.CUT_CHUNKS, {"run": run.pk, "size": CHUNK_SIZE})
        return int(cursor.rowcount)


def waiting_chunks(run: CreditRun) -> list[int]:
    """Ids of the chunks that no worker has posted yet."""
    return list(run.chunks.filter(state=ChunkState.WAITING).order_by("pk").values_list("pk", flat=True))


def stale_runs(now: datetime) -> list[int]:
    """Ids of the runs being posted in which no chunk was posted for STALE_AFTER."""
    runs = CreditRun.objects.filter(state=RunState.POSTING).annotate(
        moved_at=Coalesce(Max("chunks__posted_at"), F("decided_at"))
    )
    return list(runs.filter(moved_at__lt=now - STALE_AFTER).values_list("pk", flat=True))


@transaction.atomic
def post_chunk(chunk_id: int) -> int:
    """Post one chunk in one transaction; returns the number of entries.

    0 where it was posted before, or where another worker is posting it. The last chunk closes the run.
    """
    rows = CreditChunk.objects.select_related("run__region", "run__job")
    free = rows.select_for_update(of=("self",), skip_locked=True)
    chunk = free.filter(pk=chunk_id, state=ChunkState.WAITING).first()
    if chunk is None:
        return 0
    parameters = run_parameters(chunk.run, chunk.first_member, chunk.last_member)
    with connection.cursor() as cursor:
        cursor.execute(credit_posting_sql.LOCK_ACCOUNTS, parameters)
        cursor.execute(credit_posting_sql.POST_CHUNK, parameters)
        chunk.entry_count, chunk.amount = cursor.fetchone()
        later = post_after_closings(chunk)
        cursor.execute(credit_posting_sql.CHECK_REFERENCES)
    chunk.entry_count += len(later)
    chunk.amount += sum(entry.amount for entry in later)
    chunk.state = ChunkState.POSTED
    chunk.posted_at = timezone.now()
    chunk.save()
    if chunk.run.job:
        advance_job(chunk.run.job)
    close_run_if_done(chunk.run)
    return chunk.entry_count


def close_run_if_done(run: CreditRun) -> None:
    """Close the run once no chunk waits.

    The run's row is locked, so that one of two last chunks does it; not against rows that refer to it, which the
    other chunks are writing.
    """
    run = CreditRun.objects.select_for_update(of=("self",), no_key=True).select_related("region", "job").get(pk=run.pk)
    if run.state != RunState.POSTING or run.chunks.filter(state=ChunkState.WAITING).exists():
        return
    totals = run.chunks.aggregate(entries=Sum("entry_count"), amount=Sum("amount"))
    run.entry_count = totals["entries"] or 0
    run.amount = totals["amount"] or Decimal("0.00")
    run.state = RunState.POSTED
    run.posted_at = timezone.now()
    tracked_save(run, run.decided_by, "posted")
    if run.job:
        finish_job(run.job, {"entries": run.entry_count, "amount": str(run.amount)})
