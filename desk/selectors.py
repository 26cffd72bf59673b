"""Questions across the house: a region's month at a glance."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from accounts.models import EntryKind, LedgerEntry
from agency.models import Job, PoolingRegion
from claims.models import Claim, ClaimState, Settlement
from members.models import Enrollment
from policies.engine.vocabulary import RefusalReason

ZERO = Decimal("0.00")
# The kind of the jobs that verify a region's books.
VERIFICATION = "verify_books"


@dataclass(slots=True)
class RegionSummary:
    """One region's month. Amounts in yuan, refusals by reason, the most frequent first.

    `members`: insured on the month's last day. `accounts_credited`, `yuan_credited`: personal accounts with a credit
    for the month, true-ups included. `claims_paid`, `yuan_paid`: claims served in the month that stand settled, and
    what the fund pays for them. `claims_waiting`: served in the month and not settled yet.
    """

    region: PoolingRegion
    members: int = 0
    accounts_credited: int = 0
    yuan_credited: Decimal = ZERO
    claims_paid: int = 0
    yuan_paid: Decimal = ZERO
    claims_waiting: int = 0
    refusals: dict[RefusalReason, int] = field(default_factory=dict)


def month_summary(month: date, regions: Iterable[PoolingRegion] | None = None) -> list[RegionSummary]:
    """Each region's month, given by any of its days, in the order of the regions; None for all of them.

    Five queries, however many regions there are.
    """
    first = month.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    chosen = PoolingRegion.objects.all() if regions is None else regions
    summaries = {region.pk: RegionSummary(region) for region in chosen}
    _add_members(summaries, last)
    _add_credits(summaries, first)
    _add_payments(summaries, first, last)
    _add_claims(summaries, first, last)
    return list(summaries.values())


def _add_members(summaries: dict[int, RegionSummary], last: date) -> None:
    rows = (
        Enrollment.objects.filter(member__region__in=summaries, period__contains=last)
        .exclude(member__died_on__lt=last)
        .values(region=F("member__region"))
        .annotate(members=Count("member", distinct=True))
    )
    for row in rows:
        summaries[row["region"]].members = row["members"]


def _add_credits(summaries: dict[int, RegionSummary], first: date) -> None:
    kinds = (EntryKind.MONTHLY_CREDIT, EntryKind.TRUE_UP)
    rows = (
        LedgerEntry.objects.filter(region__in=summaries, month=first, kind__in=kinds)
        .order_by()
        .values("region")
        .annotate(accounts=Count("credit", distinct=True), yuan=Sum("amount"))
    )
    for row in rows:
        summaries[row["region"]].accounts_credited = row["accounts"]
        summaries[row["region"]].yuan_credited = row["yuan"]


def _add_payments(summaries: dict[int, RegionSummary], first: date, last: date) -> None:
    rows = (
        Settlement.objects.filter(
            claim__region__in=summaries,
            served_on__range=(first, last),
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        .order_by()
        .values(region=F("claim__region"))
        .annotate(claims=Count("pk"), yuan=Coalesce(Sum(F("pooled") + F("pooled_inpatient")), ZERO))
    )
    for row in rows:
        summaries[row["region"]].claims_paid = row["claims"]
        summaries[row["region"]].yuan_paid = row["yuan"]


def _add_claims(summaries: dict[int, RegionSummary], first: date, last: date) -> None:
    states = (ClaimState.REGISTERED, ClaimState.REFUSED)
    rows = (
        Claim.objects.filter(region__in=summaries, served_on__range=(first, last), state__in=states)
        .order_by()
        .values("region", "state", "refusal_reason")
        .annotate(claims=Count("pk"))
    )
    refusals: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        if row["state"] == ClaimState.REGISTERED:
            summaries[row["region"]].claims_waiting = row["claims"]
        else:
            refusals[row["region"]].append((row["claims"], row["refusal_reason"]))
    for region, counted in refusals.items():
        summaries[region].refusals = {
            RefusalReason(reason): count for count, reason in sorted(counted, key=lambda each: (-each[0], each[1]))
        }


def last_verifications(regions: Iterable[PoolingRegion]) -> list[tuple[PoolingRegion, Job | None]]:
    """Each region with the last job that verified its books, or is to; None where there never was one. One query."""
    chosen = list(regions)
    jobs = Job.objects.filter(kind=VERIFICATION, region__in=chosen).order_by("region_id", "-pk").distinct("region_id")
    by_region = {job.region_id: job for job in jobs}
    return [(region, by_region.get(region.pk)) for region in chosen]
