"""Verifying the books: everything that has to hold between a region's balances, entries, runs and settlements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.books import BooksCheck, Finding, LookedAt, find_differences
from agency.declarations import declared
from agency.models import Job, JobState, PoolingRegion, User
from agency.services.jobs import advance_job, fail_job, finish_job, log_job, queue_job, send_job, start_job
from desk.selectors import VERIFICATION

TASK = "desk.tasks.verify_queued_books"
# A verification that has not ended by then was lost with its worker or its message.
LOST_AFTER = timedelta(hours=1)


def checks() -> list[BooksCheck | LookedAt]:
    """What has to hold, as the rooms declare it."""
    return declared("books_checks")


@transaction.atomic
def queue_verification(region: PoolingRegion, *, actor: User | None) -> Job:
    """Have a worker verify a region's books; where one was asked for and has not ended yet, the answer is that job.

    actor: who asks, None for the clock.
    """
    unfinished = Job.objects.filter(
        kind=VERIFICATION,
        region=region,
        state__in=(JobState.QUEUED, JobState.RUNNING),
        created_at__gt=timezone.now() - LOST_AFTER,
    ).first()
    if unfinished is not None:
        return unfinished
    job = queue_job(VERIFICATION, region=region, actor=actor)
    send_job(job, TASK)
    return job


def verify_books(region: PoolingRegion, actor: User | None = None) -> Job:
    """Verify a region's books here and now; returns the job that says what was found.

    Every balance equals its entries, all accounts sum to zero, no account is below zero, every posted run equals its
    entries, usage equals settlements, and what else `checks` names. The job is done where all of it holds, failed where
    something differs. Its result counts the rows that each check looked at and those that differ; it names rows by
    their ids alone. Nothing is corrected. Not to be called inside a transaction, which would have its own snapshot.
    """
    return perform_verification(queue_job(VERIFICATION, region=region, actor=actor))


def perform_verification(job: Job) -> Job:
    """Do a verification that was queued; one that has ended is left alone. Done again it only reads again."""
    if job.state not in (JobState.QUEUED, JobState.RUNNING) or job.region is None:
        return job
    start_job(job, total=len(checks()))
    try:
        with _one_moment():
            findings = list(find_differences(job.region, checks()))
    except Exception:
        fail_job(job, _("The verification broke off because of a fault in the program. Start it again."))
        raise
    _report(job, findings)
    job.refresh_from_db()
    return job


@contextmanager
def _one_moment() -> Iterator[None]:
    """Statements inside see the books as they were at the first of them, whatever is posted meanwhile; none writes."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Every check reads whole tables. On tables never analysed the planner would still go row by row.
            cursor.execute("SET LOCAL enable_nestloop = off")
        yield


def _report(job: Job, findings: list[Finding]) -> None:
    """Say in the job what was found."""
    differing = sum(finding.differing for finding in findings)
    result: dict[str, Any] = {
        "looked_at": sum(finding.looked_at for finding in findings),
        "differences": differing,
        "checks": [
            {
                "name": finding.check.name,
                "looked_at": finding.looked_at,
                "differing": finding.differing,
                "examples": list(finding.examples),
                "told": list(finding.told),
            }
            for finding in findings
        ],
    }
    for finding in findings:
        if finding.differing:
            log_job(job, _line(finding))
            for sentence in finding.told:
                log_job(job, sentence)
    advance_job(job, len(findings))
    if differing:
        fail_job(
            job,
            _("The books do not agree: %(count)s differences. Have their cause found before anything more is posted.")
            % {"count": f"{differing:,}"},
            result,
        )
    else:
        finish_job(job, result)


def _line(finding: Finding) -> str:
    if finding.told:
        # Its rows are in several tables, and each has a sentence of its own.
        return _("Not so: %(what)s. %(differing)s of %(looked_at)s differ.") % {
            "what": finding.check.label,
            "differing": f"{finding.differing:,}",
            "looked_at": f"{finding.looked_at:,}",
        }
    ids = ", ".join(map(str, finding.examples))
    if finding.differing > len(finding.examples):
        ids = f"{ids}, …"
    return _("Not so: %(what)s. %(differing)s of %(looked_at)s differ; ids in %(table)s: %(ids)s") % {
        "what": finding.check.label,
        "differing": f"{finding.differing:,}",
        "looked_at": f"{finding.looked_at:,}",
        "table": finding.check.table,
        "ids": ids,
    }
