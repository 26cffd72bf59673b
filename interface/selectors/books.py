"""What stands in our books for a provider's live settlements of some days."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from claims.models import Settlement
from providers.models import Provider

ZERO = Decimal("0.00")


class Row(NamedTuple):
    """One settlement, or what took one back with amounts below zero; yuan."""

    setl_id: str
    mdtrt_id: str
    total: Decimal
    fund: Decimal
    account: Decimal
    takes_back: bool

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.total, self.fund, self.account


class Sums(NamedTuple):
    """Rows added up; what takes a settlement back counts as one less."""

    total: Decimal
    fund: Decimal
    account: Decimal
    settlements: int


def our_rows(provider: Provider, first_day: date, last_day: date) -> dict[str, Row]:
    """By the settlement's number, in the order of settlement. The days are those of settlement, both included."""
    rows: QuerySet[Settlement] = Settlement.objects.filter(
        claim__provider=provider, claim__live_visit__isnull=False, settled_on__range=(first_day, last_day)
    )
    columns = (
        "pk",
        "claim__live_visit__visit__number",
        "reverses",
        "total",
        "pooled",
        "pooled_inpatient",
        "account",
    )
    found = {}
    for pk, number, reverses, total, pooled, inpatient, account in rows.order_by("pk").values_list(*columns):
        sign = 1 if reverses is None else -1
        found[str(pk)] = Row(
            str(pk), number, total * sign, (pooled + inpatient) * sign, account * sign, reverses is not None
        )
    return found


def summed(rows: Iterable[Row]) -> Sums:
    """Both sides count like this."""
    total = fund = account = ZERO
    count = 0
    for row in rows:
        total, fund, account = total + row.total, fund + row.fund, account + row.account
        count += -1 if row.takes_back else 1
    return Sums(total, fund, account, count)
