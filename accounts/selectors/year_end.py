"""The year-end carry-over (年终结转): what personal accounts held, what came in and went out, what is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum, Value

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.models import PoolingRegion

_NONE = Decimal("0.00")
# Rows that travel from the database at once; a million accounts never stand in memory together.
FETCHED = 2000

# Each account's year from its entries: those without any by the end of the year did not exist then.
_ACCOUNTS = """
SELECT member.member_number, member.name, sums.opening, sums.arrived, sums.gone
FROM (
    SELECT account_id,
        coalesce(sum(arrived - gone) FILTER (WHERE posted_on < %(first_day)s), 0.00) AS opening,
        coalesce(sum(arrived) FILTER (WHERE posted_on >= %(first_day)s), 0.00) AS arrived,
        coalesce(sum(gone) FILTER (WHERE posted_on >= %(first_day)s), 0.00) AS gone
    FROM (
        SELECT credit_id AS account_id, posted_on, amount AS arrived, 0.00 AS gone
        FROM accounts_ledgerentry WHERE region_id = %(region)s AND posted_on <= %(last_day)s
        UNION ALL
        SELECT debit_id, posted_on, 0.00, amount
        FROM accounts_ledgerentry WHERE region_id = %(region)s AND posted_on <= %(last_day)s
    ) AS moves
    GROUP BY account_id
) AS sums
JOIN accounts_ledgeraccount AS account
    ON account.id = sums.account_id AND account.kind = 'personal' AND account.region_id = %(region)s
JOIN members_member AS member ON member.id = account.member_id
"""

_IN_ORDER = _ACCOUNTS + "ORDER BY member.member_number"

# Put together from this module's own constant.
_COUNTED = f"SELECT count(*), count(*) FILTER (WHERE opening + arrived > gone) FROM ({_ACCOUNTS}) AS years"  # noqa: S608


class AccountYear(NamedTuple):
    """One account's year, yuan; opening and what arrived, less what is gone, is closing."""

    member_number: str
    name: str
    opening: Decimal
    arrived: Decimal
    gone: Decimal

    @property
    def closing(self) -> Decimal:
        """What is carried over into the next year."""
        return self.opening + self.arrived - self.gone


@dataclass(frozen=True, slots=True)
class KindTotal:
    """What one kind of entry moved in the year: how many entries, how many yuan."""

    kind: EntryKind
    entries: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A region's personal accounts in a year, yuan. Opening and what arrived, less what is gone, is closing.

    `accounts` are those with an entry by the end of the year, `accounts_holding` those that then held something.
    """

    region: PoolingRegion
    year: int
    accounts: int
    accounts_holding: int
    opening: Decimal
    arrived: tuple[KindTotal, ...]
    gone: tuple[KindTotal, ...]
    closing: Decimal

    @property
    def total_arrived(self) -> Decimal:
        return sum((each.amount for each in self.arrived), _NONE)

    @property
    def total_gone(self) -> Decimal:
        return sum((each.amount for each in self.gone), _NONE)


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def year_end(region: PoolingRegion, year: int) -> YearEnd:
    """The carry-over of a region's personal accounts from a year into the next, by the days of posting."""
    # One statement, so that what came in and what went out are of the same moment.
    rows = list(_by_kind(region, year, "credit").union(_by_kind(region, year, "debit"), all=True))
    before, ever = ({side: _sum(rows, side, column) for side in ("credit", "debit")} for column in ("before", "ever"))
    accounts, holding = _counted(region, year)
    return YearEnd(
        region=region,
        year=year,
        accounts=accounts,
        accounts_holding=holding,
        opening=before["credit"] - before["debit"],
        arrived=_totals(rows, "credit"),
        gone=_totals(rows, "debit"),
        closing=ever["credit"] - ever["debit"],
    )


def _by_kind(region: PoolingRegion, year: int, side: str) -> QuerySet[Any, Any]:
    """What each kind of entry moved to ("credit") or from ("debit") personal accounts, up to the end of the year."""
    first_day, last_day = _days(year)
    within = Q(posted_on__gte=first_day)
    entries = LedgerEntry.objects.filter(
        region=region, posted_on__lte=last_day, **{f"{side}__kind": AccountKind.PERSONAL}
    )
    return (
        entries.order_by()
        .values("kind")
        .annotate(
            side=Value(side),
            before=Sum("amount", filter=~within),
            moved=Sum("amount", filter=within),
            ever=Sum("amount"),
            entries=Count("pk", filter=within),
        )
    )


def _sum(rows: list[dict[str, Any]], side: str, column: str) -> Decimal:
    return sum((row[column] or _NONE for row in rows if row["side"] == side), _NONE)


def _totals(rows: list[dict[str, Any]], side: str) -> tuple[KindTotal, ...]:
    """In the order in which the kinds are declared."""
    by_kind = {
        row["kind"]: KindTotal(EntryKind(row["kind"]), row["entries"], row["moved"])
        for row in rows
        if row["side"] == side and row["entries"]
    }
    return tuple(by_kind[kind] for kind in EntryKind if kind in by_kind)


def _parameters(region: PoolingRegion, year: int) -> dict[str, Any]:
    first_day, last_day = _days(year)
    return {"region": region.pk, "first_day": first_day, "last_day": last_day}


def _counted(region: PoolingRegion, year: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, _parameters(region, year))
        accounts, holding = cursor.fetchone()
    return accounts, holding


def accounts_at_year_end(region: PoolingRegion, year: int) -> Iterator[AccountYear]:
    """Each personal account's year, by member number; read from the database a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_IN_ORDER, _parameters(region, year))
        while rows := cursor.fetchmany(FETCHED):
            yield from map(AccountYear._make, rows)
