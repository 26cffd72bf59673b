"""What a region's claims of a month came to: by tier, benefit and kind of member, and by provider."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from agency.models import PoolingRegion
from claims.models import Claim, ClaimState, Settlement
from members.models import Enrollment
from policies.engine.vocabulary import Benefit, Employment, InsuredStatus, RefusalReason, Tier
from providers.models import Agreement

_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Paid:
    """Claims and who paid them, yuan; what the fund, accounts and cash paid is the expense."""

    claims: int
    expense: Decimal
    fund: Decimal
    account: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class PaidByKind:
    """Payments at one tier for one benefit of one kind of member; no kind where nobody was enrolled any more."""

    tier: Tier
    benefit: Benefit
    employment: Employment | None
    status: InsuredStatus | None
    paid: Paid


@dataclass(frozen=True, slots=True)
class PaidAtProvider:
    code: str
    name: str
    paid: Paid


@dataclass(frozen=True, slots=True)
class PaidInMonth:
    """Payments for the visits of a month (its first day) at one tier for one benefit."""

    month: date
    tier: Tier
    benefit: Benefit
    paid: Paid


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Claims of a month (its first day) that wait, where there is no reason, or that are refused for one."""

    month: date
    reason: RefusalReason | None
    claims: int


def payments_by_kind(region: PoolingRegion, month: date) -> list[PaidByKind]:
    """The standing settlements of claims served in a month, given by its first day.

    The tier is the provider's of the day of service, or as in adjudication the lowest where it had none; the member's
    kind that of the day. One query.
    """
    enrolled = Enrollment.objects.filter(member=OuterRef("member"), period__contains=OuterRef("served_on"))
    rows = _summed(
        _standing(region, month)
        .annotate(
            tier=_tier(),
            employment=Subquery(enrolled.values("employment")[:1]),
            status=Subquery(enrolled.values("status")[:1]),
        )
        .values("tier", "employment", "status", benefit=F("claim__benefit"))
    )
    totals = [
        PaidByKind(
            tier=Tier(row["tier"]),
            benefit=Benefit(row["benefit"]),
            employment=Employment(row["employment"]) if row["employment"] else None,
            status=InsuredStatus(row["status"]) if row["status"] else None,
            paid=_paid(row),
        )
        for row in rows
    ]
    tiers_in_order, benefits_in_order = list(Tier), list(Benefit)
    return sorted(
        totals,
        key=lambda each: (
            tiers_in_order.index(each.tier),
            benefits_in_order.index(each.benefit),
            each.status or "",
            each.employment or "",
        ),
    )


def _tier() -> Coalesce:
    tiers = Agreement.objects.filter(provider=OuterRef("claim__provider"), period__contains=OuterRef("served_on"))
    return Coalesce(Subquery(tiers.values("tier")[:1]), Value(Tier.PRIMARY.value))


def payments_by_month(region: PoolingRegion, since: date) -> list[PaidInMonth]:
    """The standing settlements of claims served from a month's first day on, by month, tier and benefit. One query."""
    rows = _summed(
        _of_region(region)
        .filter(served_on__gte=since)
        .annotate(month=TruncMonth("served_on"), tier=_tier())
        .values("month", "tier", benefit=F("claim__benefit"))
    )
    return [PaidInMonth(row["month"], Tier(row["tier"]), Benefit(row["benefit"]), _paid(row)) for row in rows]


def unpaid_by_month(region: PoolingRegion, since: date) -> list[Unpaid]:
    """The claims served from a month's first day on that wait or are refused, by month and reason. One query."""
    rows = (
        Claim.objects.filter(region=region, served_on__gte=since, state__in=(ClaimState.REGISTERED, ClaimState.REFUSED))
        .order_by()
        .annotate(month=TruncMonth("served_on"))
        .values("month", "refusal_reason")
        .annotate(claims=Count("pk"))
    )
    return [
        Unpaid(row["month"], RefusalReason(row["refusal_reason"]) if row["refusal_reason"] else None, row["claims"])
        for row in rows
    ]


def payments_by_provider(region: PoolingRegion, month: date) -> list[PaidAtProvider]:
    """The same settlements by provider, the largest expense first. One query."""
    rows = _summed(_standing(region, month).values(code=F("claim__provider__code"), name=F("claim__provider__name")))
    totals = [PaidAtProvider(row["code"], row["name"], _paid(row)) for row in rows]
    return sorted(totals, key=lambda each: (-each.paid.expense, each.code))


def _standing(region: PoolingRegion, month: date) -> QuerySet[Settlement]:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return _of_region(region).filter(served_on__range=(month, last))


def _of_region(region: PoolingRegion) -> QuerySet[Settlement]:
    standing = {"reverses__isnull": True, "reversed_by__isnull": True}
    return Settlement.objects.filter(claim__region=region, **standing).order_by()


def _summed(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return rows.annotate(
        claims=Count("pk"),
        expense=Sum("total"),
        fund=Sum(F("pooled") + F("pooled_inpatient")),
        own=Sum(F("account") + F("family_account")),
        in_cash=Sum("cash"),
    )


def _paid(row: dict[str, Any]) -> Paid:
    return Paid(row["claims"], *(row[name] or _NONE for name in ("expense", "fund", "own", "in_cash")))
