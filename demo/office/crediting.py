"""A year of credits: run by finance, approved by the supervisor, month by month; the last month in every state."""

from collections.abc import Iterable
from datetime import date

from celery import current_app
from django.db import transaction

from accounts.models import CreditRun, RunState
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, open_run, submit_run
from agency.models import PoolingRegion, Role
from demo.office.house import DemoFailed, Office
from demo.worker import Worker

# Where the last month's run waits: with somebody it cannot credit, and for a second person.
CHECKED_IN, SUBMITTED_IN = "zaozhuang", "kaifeng"
_WORK_SECONDS = 300


def credit_month(office: Office, region: PoolingRegion, month: date) -> None:
    """Run and post the credits of a month that was over long ago."""
    if CreditRun.objects.filter(region=region, month=month, state=RunState.POSTED).exists():
        return
    with transaction.atomic():
        run = approve_run(_submitted(office, region, month), actor=office.supervisor, reason="与上月核对一致，同意入账")
        for chunk in waiting_chunks(run):
            post_chunk(chunk)


def _open(office: Office, region: PoolingRegion, month: date) -> CreditRun:
    known_by = office.calendar.known_by(month)
    finance = office.first(Role.FINANCE)
    run = open_run(region) or draft_run(region, month=month, as_of=known_by, actor=finance, today=known_by)
    if run.month != month:
        raise DemoFailed(f"{run} is open. Finish or discard it, then start the demonstration again.")
    return run


def _submitted(office: Office, region: PoolingRegion, month: date) -> CreditRun:
    run, finance = _open(office, region, month), office.first(Role.FINANCE)
    if run.state in (RunState.DRAFT, RunState.CHECKED):
        run = submit_run(check_run(run, actor=finance), actor=finance)
    return run


def credit_last_month(office: Office, worker: Worker) -> None:
    """Leave the last month's run checked in one region and submitted in another; have a worker post the others."""
    month = office.calendar.last
    for slug, region in office.regions.items():
        if CreditRun.objects.filter(region=region, month=month).exclude(state=RunState.DISCARDED).exists():
            continue
        if slug == CHECKED_IN:
            with transaction.atomic():
                check_run(_open(office, region, month), actor=office.first(Role.FINANCE))
        elif slug == SUBMITTED_IN:
            with transaction.atomic():
                _submitted(office, region, month)
    others = [region for slug, region in office.regions.items() if slug not in (CHECKED_IN, SUBMITTED_IN)]
    post_by_worker(office, others, worker)


def post_by_worker(office: Office, regions: Iterable[PoolingRegion], worker: Worker) -> None:
    """Approve the last month's runs where they are not posted yet, and wait until the worker has posted them."""
    runs = [run for region in regions if (run := _approved(office, region)) is not None]

    def are_posted() -> bool:
        return not CreditRun.objects.filter(pk__in=[run.pk for run in runs]).exclude(state=RunState.POSTED).exists()

    worker.wait_for(are_posted, "The worker did not post the credit runs.", _WORK_SECONDS)


def _approved(office: Office, region: PoolingRegion) -> CreditRun | None:
    """The region's run, carried on from wherever it was left; None where it is posted."""
    month = office.calendar.last
    if CreditRun.objects.filter(region=region, month=month, state=RunState.POSTED).exists():
        return None
    with transaction.atomic():
        run = _submitted(office, region, month)
        if run.state == RunState.POSTING:
            # Approved by a demonstration that was broken off; posting what is posted already does nothing.
            current_app.send_task("accounts.tasks.post_credit_run", args=[run.pk])
            return run
        return approve_run(run, actor=office.supervisor, reason="例外名单已逐人核实，同意入账")
