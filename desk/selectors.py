"""Questions across the house: a region's month at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from agency.models import Job, PoolingRegion
from desk.models import MonthCredit, MonthPayment, RegionMonth
from policies.engine.vocabulary import RefusalReason

ZERO = Decimal("0.00")
# The kind of the jobs that verify a region's books.
VERIFICATION = "verify_books"


@dataclass(slots=True)
class RegionSummary:
    """One region's month, as it was added up at `as_of`; None where it never was, or where the month is too old.

    Amounts in yuan, refusals by reason, the most frequent first.

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
    as_of: datetime | None = None


def month_summary(month: date, regions: Iterable[PoolingRegion] | None = None) -> list[RegionSummary]:
    """Each region's month, given by any of its days, in the order of the regions; None for all of them.

    As it was added up last (`desk.services.months`): two queries, however many regions, members and claims there are.
    """
    chosen = PoolingRegion.objects.all() if regions is None else regions
    summaries = {region.pk: RegionSummary(region) for region in chosen}
    of_payments = MonthPayment.objects.filter(of=OuterRef("pk")).order_by().values("of")
    of_credits = MonthCredit.objects.filter(of=OuterRef("pk")).order_by().values("of")
    rows = RegionMonth.objects.filter(region__in=summaries, month=month.replace(day=1)).annotate(
        claims_paid=Coalesce(Subquery(of_payments.annotate(sum=Sum("claims")).values("sum")), 0),
        yuan_paid=Coalesce(Subquery(of_payments.annotate(sum=Sum("fund")).values("sum")), ZERO),
        yuan_credited=Coalesce(Subquery(of_credits.annotate(sum=Sum("amount")).values("sum")), ZERO),
    )
    for row in rows:
        summary = summaries[row.region_id]
        for name in ("members", "accounts_credited", "claims_waiting", "as_of", *_SUMS):
            setattr(summary, name, getattr(row, name))
        summary.refusals = {RefusalReason(reason): count for reason, count in _most_first(row.refusals)}
    return list(summaries.values())


_SUMS = ("claims_paid", "yuan_paid", "yuan_credited")


def _most_first(refusals: dict[str, int]) -> list[tuple[str, int]]:
    """The database keeps them in an order of its own."""
    return sorted(refusals.items(), key=lambda each: (-each[1], each[0]))


def last_verifications(regions: Iterable[PoolingRegion]) -> list[tuple[PoolingRegion, Job | None]]:
    """Each region with the last job that verified its books, or is to; None where there never was one. One query."""
    chosen = list(regions)
    if not chosen:
        return []
    jobs = Job.objects.filter(kind=VERIFICATION, region__in=chosen).order_by("region_id", "-pk").distinct("region_id")
    by_region = {job.region_id: job for job in jobs}
    return [(region, by_region.get(region.pk)) for region in chosen]
