"""Adding up a region's months from its ledger, settlements, claims and enrollments."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.monthly import accounts_credited_by_month, balances_at_month_ends, credits_by_month
from agency.models import Job, PoolingRegion, User
from agency.services.jobs import UNFINISHED, fail_job, finish_job, queue_job, send_job, start_job
from claims.selectors.monthly import payments_by_month, unpaid_by_month
from desk.models import MonthCredit, MonthPayment, RegionMonth
from members.selectors.insured_by_month import insured_at_month_ends

KIND = "add_up_months"
TASK = "desk.tasks.add_up_queued_months"
# Five years, this one among them: what comes later for a month before is in the ledger, and in no chart.
MONTHS = 60


@transaction.atomic
def queue_adding_up(region: PoolingRegion, *, actor: User | None) -> Job:
    """Have a worker add up a region's months; where one was asked for and has not ended yet, the answer is that job.

    actor: who asks, None for the clock.
    """
    # One who asks at the same moment waits here and finds the job.
    PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    unfinished = Job.objects.filter(kind=KIND, region=region, state__in=UNFINISHED).first()
    if unfinished is not None:
        return unfinished
    job = queue_job(KIND, region=region, actor=actor)
    send_job(job, TASK)
    return job


def perform_adding_up(job: Job) -> Job:
    """Do what was queued; a job that has ended is left alone. Done again it adds up again."""
    if job.state not in UNFINISHED or job.region is None:
        return job
    start_job(job, total=1)
    try:
        months = add_up_months(job.region, today=timezone.localdate())
    except Exception:
        fail_job(job, _("The months could not be added up because of a fault in the program. Ask for it again."))
        raise
    finish_job(job, {"months": len(months)})
    job.refresh_from_db()
    return job


@transaction.atomic
def add_up_months(region: PoolingRegion, *, today: date) -> list[RegionMonth]:
    """Add up the last MONTHS months of a region, this one included, in the place of what was added up before.

    Each table is read once, however many months there are. Amounts are exact: sums of what is in the rows.
    """
    months = months_until(today)
    as_of = timezone.now()
    members = insured_at_month_ends(region, months)
    accounts = accounts_credited_by_month(region, months[0])
    balances = balances_at_month_ends(region, months)
    waiting, refusals = _unpaid(region, months[0])
    RegionMonth.objects.filter(region=region).delete()
    added_up = RegionMonth.objects.bulk_create(
        RegionMonth(
            region=region,
            month=month,
            members=members[month],
            accounts_credited=accounts.get(month, 0),
            balance=balances[month],
            claims_waiting=waiting.get(month, 0),
            refusals=refusals.get(month, {}),
            as_of=as_of,
        )
        for month in months
    )
    _keep_parts(region, {each.month: each for each in added_up})
    return added_up


def months_until(today: date) -> list[date]:
    """The first days of the months that are added up, the oldest first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _unpaid(region: PoolingRegion, since: date) -> tuple[dict[date, int], dict[date, dict[str, int]]]:
    """How many claims of each month wait; how many are refused, by reason."""
    waiting: dict[date, int] = {}
    refusals: dict[date, dict[str, int]] = defaultdict(dict)
    for each in unpaid_by_month(region, since):
        if each.reason is None:
            waiting[each.month] = each.claims
        else:
            refusals[each.month][each.reason.value] = each.claims
    return waiting, refusals


def _keep_parts(region: PoolingRegion, months: dict[date, RegionMonth]) -> None:
    since = min(months)
    MonthPayment.objects.bulk_create(
        MonthPayment(
            of=months[each.month],
            tier=each.tier,
            benefit=each.benefit,
            claims=each.paid.claims,
            expense=each.paid.expense,
            fund=each.paid.fund,
            account=each.paid.account,
            cash=each.paid.cash,
        )
        for each in payments_by_month(region, since)
        if each.month in months
    )
    MonthCredit.objects.bulk_create(
        MonthCredit(of=months[each.month], component=each.component, credits=each.credits, amount=each.amount)
        for each in credits_by_month(region, since)
        # Those in advance are for months to come.
        if each.month in months
    )
