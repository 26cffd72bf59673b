"""A region's credits of a month, by the fund that paid them and the kind of credit, and what its accounts held."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.models import PoolingRegion
from policies.engine.vocabulary import CreditComponent

_NONE = Decimal("0.00")
CREDITS = (EntryKind.MONTHLY_CREDIT, EntryKind.TRUE_UP)


@dataclass(frozen=True, slots=True)
class CreditTotal:
    """What one fund paid into personal accounts as one kind of credit: how many credits, how many yuan."""

    fund: AccountKind
    kind: EntryKind
    component: CreditComponent
    credits: int
    amount: Decimal


def credits_of_month(region: PoolingRegion, month: date) -> list[CreditTotal]:
    """The credits for a month, given by its first day, whenever they were posted; none that was reversed. One query."""
    rows = (
        LedgerEntry.objects.filter(region=region, month=month, kind__in=CREDITS, reversed_by__isnull=True)
        .order_by()
        .values("kind", "component", fund=F("debit__kind"))
        .annotate(credits=Count("pk"), yuan=Sum("amount"))
        .order_by("fund", "kind", "component")
    )
    return [
        CreditTotal(
            fund=AccountKind(row["fund"]),
            kind=EntryKind(row["kind"]),
            component=CreditComponent(row["component"]),
            credits=row["credits"],
            amount=row["yuan"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class MonthCredits:
    """The credits for a month (its first day) as one component: how many credits, how many yuan."""

    month: date
    component: CreditComponent
    credits: int
    amount: Decimal


def credits_by_month(region: PoolingRegion, since: date) -> list[MonthCredits]:
    """The credits for the months from a first day on, whenever they were posted; none that was reversed. One query."""
    rows = (
        _standing(region, since)
        .values("month", "component")
        .annotate(credits=Count("pk"), yuan=Sum("amount"))
        .order_by("month", "component")
    )
    return [
        MonthCredits(row["month"], CreditComponent(row["component"]), row["credits"], row["yuan"])
        for row in rows
        if row["month"]
    ]


def accounts_credited_by_month(region: PoolingRegion, since: date) -> dict[date, int]:
    """How many personal accounts have such a credit for each month. One query."""
    counted = _standing(region, since).values("month").annotate(accounts=Count("credit", distinct=True))
    return {row["month"]: row["accounts"] for row in counted if row["month"]}


def _standing(region: PoolingRegion, since: date) -> QuerySet[LedgerEntry]:
    standing = {"month__gte": since, "kind__in": CREDITS, "reversed_by__isnull": True}
    return LedgerEntry.objects.filter(region=region, **standing).order_by()


def balances_at_month_ends(region: PoolingRegion, months: Iterable[date]) -> dict[date, Decimal]:
    """What the region's personal accounts held together at the end of each month, given by its first day; yuan.

    By the days of posting, from all entries: two passes, and one query.
    """
    sides = (_moved(region, "credit", 1), _moved(region, "debit", -1))
    moved: dict[date, Decimal] = defaultdict(lambda: _NONE)
    for month, amount in sides[0].union(sides[1], all=True):
        moved[month] += amount
    return {month: sum((amount for day, amount in moved.items() if day <= month), _NONE) for month in months}


def _moved(region: PoolingRegion, side: str, sign: int) -> QuerySet[Any, Any]:
    """By month what came to ("credit") or went from ("debit") personal accounts; the latter below zero."""
    return (
        LedgerEntry.objects.filter(region=region, **{f"{side}__kind": AccountKind.PERSONAL})
        .order_by()
        .annotate(posted_in=TruncMonth("posted_on"))
        .values_list("posted_in")
        .annotate(amount_moved=Sum(F("amount") * sign))
    )
