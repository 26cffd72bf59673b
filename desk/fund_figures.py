"""What the fund paid and what accounts got, month by month beside the year before, from the months added up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from agency.models import PoolingRegion
from desk.models import MonthPayment, RegionMonth
from policies.engine.vocabulary import Benefit, CreditComponent, Tier

_NONE, _FEN, _SHARE = Decimal("0.00"), Decimal("0.01"), Decimal("0.0001")
MONTHS = 12


class Paid(NamedTuple):
    """Visits and who paid for them, yuan: the fund, and the patients from accounts and in cash."""

    visits: int = 0
    expense: Decimal = _NONE
    fund: Decimal = _NONE
    patients: Decimal = _NONE

    @property
    def cost_per_visit(self) -> Decimal | None:
        """Yuan; None without visits."""
        return (self.expense / self.visits).quantize(_FEN, ROUND_HALF_UP) if self.visits else None

    @property
    def patient_share(self) -> Decimal | None:
        """The patients' part of the expense, a fraction; None without visits."""
        return (self.patients / self.expense).quantize(_SHARE, ROUND_HALF_UP) if self.expense else None


class Visits(NamedTuple):
    """The visits of a month, or of a kind in all MONTHS, beside those of a year before."""

    name: date | str
    now: Paid
    before: Paid

    @property
    def change(self) -> Decimal:
        """What the fund paid more than a year before, yuan."""
        return self.now.fund - self.before.fund


class Amounts(NamedTuple):
    """Yuan of a month, or of a kind in all MONTHS, beside those of a year before."""

    name: date | str
    now: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Fund:
    """A region's last MONTHS months beside those before them, as they were added up at `as_of`; the oldest first."""

    region: PoolingRegion
    as_of: datetime
    visits: list[Visits]
    tiers: list[Visits]
    benefits: list[Visits]
    credits: list[Amounts]
    components: list[Amounts]
    balances: list[Amounts]


def fund_of(region: PoolingRegion) -> Fund | None:
    """The fund of a region; None where its months were never added up. Three queries."""
    newest_first = RegionMonth.objects.filter(region=region).order_by("-month").prefetch_related("payments", "credits")
    months = list(newest_first[: 2 * MONTHS])[::-1]
    if len(months) < 2 * MONTHS:
        return None
    before, now = months[:MONTHS], months[MONTHS:]
    pairs = list(zip(now, before, strict=True))
    return Fund(
        region=region,
        as_of=now[-1].as_of,
        visits=[Visits(each.month, _paid([each]), _paid([past])) for each, past in pairs],
        tiers=_by_kind(now, before, Tier, lambda payment: payment.tier),
        benefits=_by_kind(now, before, Benefit, lambda payment: payment.benefit),
        credits=[Amounts(each.month, _credited([each]), _credited([past])) for each, past in pairs],
        components=_components(now, before),
        balances=[Amounts(each.month, each.balance, past.balance) for each, past in pairs],
    )


def _paid(months: Iterable[RegionMonth], belongs: Callable[[MonthPayment], bool] = lambda payment: True) -> Paid:
    payments = [payment for month in months for payment in month.payments.all() if belongs(payment)]
    return Paid(
        sum(each.claims for each in payments),
        sum((each.expense for each in payments), _NONE),
        sum((each.fund for each in payments), _NONE),
        sum((each.account + each.cash for each in payments), _NONE),
    )


def _by_kind(
    now: list[RegionMonth], before: list[RegionMonth], kinds: Iterable[str], kind_of: Callable[[MonthPayment], str]
) -> list[Visits]:
    """In the order of the kinds; those that nobody visited for are left out."""

    def paid_for(months: list[RegionMonth], kind: str) -> Paid:
        return _paid(months, lambda payment: kind_of(payment) == kind)

    rows = [Visits(kind, paid_for(now, kind), paid_for(before, kind)) for kind in kinds]
    return [row for row in rows if row.now.visits or row.before.visits]


def _credited(months: Iterable[RegionMonth], component: str = "") -> Decimal:
    credits_given = (each for month in months for each in month.credits.all())
    return sum((each.amount for each in credits_given if component in ("", each.component)), _NONE)


def _components(now: list[RegionMonth], before: list[RegionMonth]) -> list[Amounts]:
    rows = [Amounts(each, _credited(now, each), _credited(before, each)) for each in CreditComponent]
    return [row for row in rows if row.now or row.before]
