"""A region's credits of a month, by the fund that paid them and the kind of credit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Sum

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.models import PoolingRegion
from policies.engine.vocabulary import CreditComponent

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
