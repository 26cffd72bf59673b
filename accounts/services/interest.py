"""Yearly interest on personal accounts: submitted with its rate, approved by another person, posted range by range."""

from datetime import date
from decimal import Decimal
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, InterestState, LedgerAccount, LedgerEntry, YearlyInterest
from accounts.services import interest_sql
from accounts.services.ledger import book
from agency.exceptions import DomainError
from agency.models import Job, PoolingRegion, User
from agency.services.history import tracked_save
from agency.services.jobs import advance_job, finish_job, queue_job, start_job
from agency.services.moves import arrive, decide, locked, refuse, submit_new

# Accounts that are posted in one transaction, at most.
RANGE_SIZE = 5000
_RATE_STEP = Decimal("0.000001")


def _payload(interest: YearlyInterest) -> dict[str, object]:
    return {
        "region": interest.region_id,
        "year": interest.year,
        "rate": f"{interest.rate:.6f}",
        "source": interest.source,
    }


def _require_switch(region: PoolingRegion) -> None:
    # As it stands now, whenever the caller has read the region.
    if not PoolingRegion.objects.filter(pk=region.pk, pays_account_interest=True).exists():
        raise DomainError(
            _("%(region)s pays no interest: the switch “pays interest on personal accounts” of the region is off.")
            % {"region": region},
            field="region",
        )


@transaction.atomic
def submit_interest(
    region: PoolingRegion, *, year: int, rate: Decimal, source: str, today: date, actor: User, reason: str
) -> YearlyInterest:
    """Ask that a region's accounts bear interest for a year that is over by today.

    rate: the yearly rate as a fraction, 0 < rate < 1, six decimals at most. source: the document it stands in.
    DomainError where the region's switch is off, the year is not over, the rate is none, the document is not named, or
    the year's interest was submitted before and not refused. None of the five regulations gives a rate
    (docs/interpretations/0056).
    """
    _require_switch(region)
    if not date.min.year <= year < today.year:
        raise DomainError(_("%(year)s is not a year that is over.") % {"year": year}, field="year")
    if not 0 < rate < 1 or rate != rate.quantize(_RATE_STEP):
        raise DomainError(
            _("The yearly rate lies between 0 and 100 percent, with at most four decimals."), field="rate"
        )
    if not source.strip():
        raise DomainError(_("Name the document in which the rate stands."), field="source")
    interest = YearlyInterest(region=region, year=year, rate=rate, source=source.strip())
    twice = DomainError(_("The interest of %(year)s is submitted or posted already.") % {"year": year}, field="year")
    return submit_new(interest, _payload(interest), actor, reason, twice=twice)


@transaction.atomic
def approve_interest(interest: YearlyInterest, *, actor: User, reason: str = "", seen: str = "") -> YearlyInterest:
    """Approve as another person, and have workers post it.

    SamePersonDecides, SubmissionVoided; MoveNotAllowed where it was decided already, so that a second click changes
    nothing; DomainError where the region's switch was turned off since.
    """
    interest = locked(interest, "approve", "region")
    _require_switch(interest.region)
    decide(interest, _payload(interest), actor, reason, seen)
    book(interest.region, AccountKind.INTEREST)
    interest.job = _begin_job(interest)
    arrive(interest, actor, reason or "approved")
    # Sent by name: tasks stand above services.
    transaction.on_commit(
        lambda: current_app.send_task("accounts.tasks.post_yearly_interest", args=[interest.pk]), robust=True
    )
    return interest


def refuse_interest(interest: YearlyInterest, *, actor: User, reason: str, seen: str = "") -> YearlyInterest:
    """Post nothing; the year may be submitted again. The reason is required."""
    return refuse(interest, actor=actor, reason=reason, seen=seen)


def _accounts_of(region: PoolingRegion) -> dict[str, int | None]:
    accounts = LedgerAccount.objects.filter(region=region, kind=AccountKind.PERSONAL)
    return accounts.aggregate(first=Min("pk"), last=Max("pk"))


def _begin_job(interest: YearlyInterest) -> Job:
    """A job that counts the ranges of account ids; how many are done is where the next worker goes on."""
    ends = _accounts_of(interest.region)
    first, last = ends["first"], ends["last"]
    job = queue_job("yearly_interest", region=interest.region, actor=interest.decided_by, subject=str(interest))
    start_job(job, total=0 if first is None or last is None else (last - first) // RANGE_SIZE + 1)
    return job


@transaction.atomic
def post_interest(interest_id: int) -> bool:
    """Post the next range of accounts in one transaction, or close what is posted; True while something is left.

    False also where nothing is to be posted, and where another worker is at it: whoever holds the row goes on, so that
    a message delivered twice does nothing twice. What an account was given has a key of its own and is never given
    again.
    """
    interest = (
        YearlyInterest.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk=interest_id, state=InterestState.POSTING)
        .first()
    )
    if interest is None:
        return False
    # Read after the row is locked: before, another worker's range might be missing in it.
    job = None if interest.job_id is None else Job.objects.get(pk=interest.job_id)
    if job is None:
        interest.job = _begin_job(interest)
        tracked_save(interest, interest.decided_by, "posting")
        return True
    if job.done >= job.total:
        _close(interest, job)
        return False
    _post_range(interest, job.done, is_last=job.done + 1 == job.total)
    advance_job(job)
    return True


def _post_range(interest: YearlyInterest, number: int, *, is_last: bool) -> None:
    """Post the range of this number. The last one has no end: accounts opened since the approval are in it."""
    first = (_accounts_of(interest.region)["first"] or 0) + number * RANGE_SIZE
    first_day, last_day = date(interest.year, 1, 1), date(interest.year, 12, 31)
    parameters: dict[str, Any] = {
        "interest": interest.pk,
        "region": interest.region_id,
        "book": book(interest.region, AccountKind.INTEREST).pk,
        "actor": interest.decided_by_id,
        "year": interest.year,
        "rate": interest.rate,
        "first_day": first_day,
        "last_day": last_day,
        "days": (last_day - first_day).days + 1,
        "first": first,
        "beyond": 2**62 if is_last else first + RANGE_SIZE,
    }
    with connection.cursor() as cursor:
        cursor.execute(interest_sql.LOCK_ACCOUNTS, parameters)
        parameters["accounts"] = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(interest_sql.POST_RANGE, parameters)


def _close(interest: YearlyInterest, job: Job) -> None:
    posted = LedgerEntry.objects.filter(cause=f"interest:{interest.pk}").aggregate(
        entries=Count("pk"), amount=Sum("amount")
    )
    interest.entry_count = posted["entries"]
    interest.amount = posted["amount"] or Decimal("0.00")
    interest.state = InterestState.POSTED
    tracked_save(interest, interest.decided_by, "posted")
    finish_job(job, {"entries": interest.entry_count, "amount": str(interest.amount)})


def unfinished_interest() -> list[int]:
    """Ids of what is approved and not posted to the end; sending one again is harmless while a worker is at it."""
    return list(YearlyInterest.objects.filter(state=InterestState.POSTING).order_by("pk").values_list("pk", flat=True))
