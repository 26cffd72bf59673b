"""What a region's claims of a month came to: by tier, benefit and kind of member, and by provider."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from agency.models import PoolingRegion
from claims.models import Settlement
from members.models import Enrollment
from policies.engine.vocabulary import Benefit, Employment, InsuredStatus, Tier
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


def payments_by_kind(region: PoolingRegion, month: date) -> list[PaidByKind]:
    """The standing settlements of claims served in a month, given by its first day.

    The tier is the provider's of the day of service, or as in adjudication the lowest where it had none; the member's
    kind that of the day. One query.
    """
    on_the_day = {"period__contains": OuterRef("served_on")}
    tiers = Agreement.objects.filter(provider=OuterRef("claim__provider"), **on_the_day)
    enrolled = Enrollment.objects.filter(member=OuterRef("member"), **on_the_day)
    rows = _summed(
        _standing(region, month)
        .annotate(
            tier=Coalesce(Subquery(tiers.values("tier")[:1]), Value(Tier.PRIMARY.value)),
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


def payments_by_provider(region: PoolingRegion, month: date) -> list[PaidAtProvider]:
    """The same settlements by provider, the largest expense first. One query."""
    rows = _summed(_standing(region, month).values(code=F("claim__provider__code"), name=F("claim__provider__name")))
    totals = [PaidAtProvider(row["code"], row["name"], _paid(row)) for row in rows]
    return sorted(totals, key=lambda each: (-each.paid.expense, each.code))


def _standing(region: PoolingRegion, month: date) -> QuerySet[Settlement]:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return Settlement.objects.filter(
        claim__region=region, served_on__range=(month, last), reverses__isnull=True, reversed_by__isnull=True
    ).order_by()


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
