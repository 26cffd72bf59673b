"""A personal account's statement: what came in and went out over some months, with the balance after each line."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, DecimalField, F, Q, QuerySet, Sum, Value, When, Window

from accounts.models import EntryKind, LedgerAccount, LedgerEntry

_YUAN = DecimalField(max_digits=14, decimal_places=2)
_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as the account sees it: yuan that arrived or that are gone (one of them 0), and what was there then."""

    entry: LedgerEntry
    arrived: Decimal
    gone: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What one kind of entry moved in one month (its first day), yuan."""

    month: date
    kind: EntryKind
    arrived: Decimal
    gone: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """An account from one day to another, both inside. Opening and what arrived, less what is gone, is closing; yuan.

    `lines` are in the order of their days of posting, and on one day in the order in which they were written.
    """

    account: LedgerAccount
    first_day: date
    last_day: date
    opening: Decimal
    lines: tuple[StatementLine, ...]

    @property
    def arrived(self) -> Decimal:
        """All that came in, yuan ≥ 0."""
        return sum((line.arrived for line in self.lines), _NONE)

    @property
    def gone(self) -> Decimal:
        """All that went out, yuan ≥ 0."""
        return sum((line.gone for line in self.lines), _NONE)

    @property
    def closing(self) -> Decimal:
        """The balance after the last line."""
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def totals(self) -> list[MonthTotal]:
        """By the month of posting and by kind, in the order in which they first occur."""
        sums: dict[tuple[date, EntryKind], list[Decimal]] = defaultdict(lambda: [_NONE, _NONE])
        for line in self.lines:
            total = sums[line.entry.posted_on.replace(day=1), EntryKind(line.entry.kind)]
            total[0] += line.arrived
            total[1] += line.gone
        return [MonthTotal(month, kind, arrived, gone) for (month, kind), (arrived, gone) in sums.items()]


def statement_of(account: LedgerAccount, first_day: date, last_day: date) -> Statement:
    """The statement of a personal account, open, frozen or closed, from first_day to last_day, both inside.

    The balances are summed by the database over everything posted up to the line, also before first_day.
    """
    entries = moves(account)
    opening = entries.filter(posted_on__lt=first_day).aggregate(sum=Sum("signed"))["sum"] or _NONE
    after = Value(opening, output_field=_YUAN) + Window(Sum("signed"), order_by=("posted_on", "pk"))
    lines = (
        entries.filter(posted_on__range=(first_day, last_day))
        .annotate(balance_after=after)
        .select_related("provider", "beneficiary")
        .order_by("posted_on", "pk")
    )
    return Statement(account, first_day, last_day, opening, tuple(_line(entry, account) for entry in lines))


def _line(entry: LedgerEntry, account: LedgerAccount) -> StatementLine:
    balance: Decimal = entry.balance_after  # type: ignore[attr-defined]
    if entry.credit_id == account.pk:
        return StatementLine(entry, entry.amount, _NONE, balance)
    return StatementLine(entry, _NONE, entry.amount, balance)


def balances(account: LedgerAccount, on: date, months: int) -> list[Decimal]:
    """What was in the account at the end of each of so many months, the last one on the day itself; yuan. One query."""
    moved = (
        moves(account)
        .filter(posted_on__lte=on)
        .order_by()
        .values_list("posted_on__year", "posted_on__month")
        .annotate(sum=Sum("signed"))
    )
    by_month = {year * 12 + month: amount for year, month, amount in moved}
    last = on.year * 12 + on.month
    return [
        sum((amount for month, amount in by_month.items() if month <= end), _NONE)
        for end in range(last - months + 1, last + 1)
    ]


def moves(account: LedgerAccount) -> QuerySet[LedgerEntry]:
    """The entries with what each moved, seen from the account: more is above 0."""
    signed = Case(When(credit=account, then=F("amount")), default=-F("amount"), output_field=_YUAN)
    return LedgerEntry.objects.filter(Q(debit=account) | Q(credit=account)).annotate(signed=signed)
