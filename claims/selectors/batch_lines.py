"""What a batch of re-settlements changes, settlement by settlement, and what that adds up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from claims.models import BatchYear, ResettlementBatch, Settlement, YearState
from policies.engine.money import ZERO

_FUNDS = ("pooled", "pooled_inpatient")
_ACCOUNTS = ("account", "family_account")
_NOT_SETTLED = (YearState.FAULTY, YearState.LEFT_OUT, YearState.SKIPPED)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One settlement, yuan: what the funds and the accounts paid and would pay, and what the payee then gets more
    (below zero: pays back). Refused: the new law pays nothing for it.
    """

    settlement: Settlement
    funds_before: Decimal
    funds_after: Decimal
    accounts_before: Decimal
    accounts_after: Decimal
    difference: Decimal
    is_refused: bool


@dataclass(frozen=True, slots=True)
class BatchSums:
    """Yuan of all lines; `to_recover` above zero."""

    funds_before: Decimal
    funds_after: Decimal
    accounts_before: Decimal
    accounts_after: Decimal
    to_pay: Decimal
    to_recover: Decimal


def lines_of(batch: ResettlementBatch) -> list[BatchLine]:
    """Each settlement that comes out otherwise, or was settled anew, member by member. Two statements."""
    years = batch.years.filter(state__in=(YearState.OTHERWISE, YearState.SETTLED)).order_by("member", "year")
    plans = [line for plan in years.values_list("plan", flat=True) for line in plan["lines"]]
    before = Settlement.objects.select_related("claim__member", "claim__provider")
    known = before.in_bulk([line["settlement"] for line in plans])
    return [_read(line, known[line["settlement"]]) for line in plans]


def not_settled_anew(batch: ResettlementBatch) -> QuerySet[BatchYear]:
    """The members' years that stay as they are although they are concerned; each says why."""
    return batch.years.filter(state__in=_NOT_SETTLED).select_related("member").order_by("member", "year")


def sums_of(lines: Sequence[BatchLine]) -> BatchSums:
    return BatchSums(
        funds_before=_sum(line.funds_before for line in lines),
        funds_after=_sum(line.funds_after for line in lines),
        accounts_before=_sum(line.accounts_before for line in lines),
        accounts_after=_sum(line.accounts_after for line in lines),
        to_pay=_sum(line.difference for line in lines if line.difference > 0),
        to_recover=-_sum(line.difference for line in lines if line.difference < 0),
    )


def _read(line: Mapping[str, Any], settlement: Settlement) -> BatchLine:
    before, after = line["before"], line.get("after", {})
    return BatchLine(
        settlement=settlement,
        funds_before=_paid(before, _FUNDS),
        funds_after=_paid(after, _FUNDS),
        accounts_before=_paid(before, _ACCOUNTS),
        accounts_after=_paid(after, _ACCOUNTS),
        difference=Decimal(line["difference"]),
        is_refused="after" not in line,
    )


def _paid(side: Mapping[str, str], names: Iterable[str]) -> Decimal:
    return _sum(Decimal(side.get(name, 0)) for name in names)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
