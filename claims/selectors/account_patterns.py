"""Payments from personal accounts that look like cash-out (套现): often, and much, at one pharmacy."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from claims.models import FlagKind
from claims.selectors.flag_patterns import Pattern, Search

# Accounts that paid often enough at a pharmacy around the month, with all that they ever paid there: for each payment
# what was paid in the days up to it. Payments taken back do not count.
_PAYMENTS = """
WITH suspect AS MATERIALIZED (
    SELECT entry.debit_id, entry.provider_id
    FROM accounts_ledgerentry AS entry
    JOIN providers_provider AS place ON place.id = entry.provider_id
    WHERE place.region_id = %(region)s AND place.kind = 'retail_pharmacy'
        AND entry.kind IN ('spending', 'account_payment') AND entry.posted_on BETWEEN %(from)s AND %(to)s
        AND NOT EXISTS (SELECT FROM accounts_ledgerentry AS back WHERE back.reverses_id = entry.id)
    GROUP BY entry.debit_id, entry.provider_id HAVING count(*) >= %(payments)s AND sum(entry.amount) >= %(yuan)s
)
SELECT account.member_id, entry.provider_id, place.name, entry.posted_on, entry.amount, settlement.claim_id,
    min(entry.posted_on) OVER recent, count(*) OVER recent >= %(payments)s AND sum(entry.amount) OVER recent >= %(yuan)s
FROM suspect
JOIN accounts_ledgerentry AS entry ON entry.debit_id = suspect.debit_id AND entry.provider_id = suspect.provider_id
JOIN accounts_ledgeraccount AS account ON account.id = entry.debit_id
JOIN providers_provider AS place ON place.id = entry.provider_id
LEFT JOIN claims_settlement AS settlement
    ON settlement.id = substring(entry.cause FROM '^settlement:([0-9]+)$')::bigint
WHERE entry.kind IN ('spending', 'account_payment')
    AND NOT EXISTS (SELECT FROM accounts_ledgerentry AS back WHERE back.reverses_id = entry.id)
WINDOW recent AS (
    PARTITION BY entry.debit_id, entry.provider_id ORDER BY entry.posted_on
    RANGE BETWEEN make_interval(days => %(days)s - 1) PRECEDING AND CURRENT ROW
)
ORDER BY account.member_id, entry.provider_id, entry.posted_on, entry.id
"""


class _Payment(NamedTuple):
    """A payment; `is_much`: those since `since`, this one included, reach the limits."""

    member: int
    provider: int
    pharmacy: str
    day: date
    amount: Decimal
    claim: int | None
    since: date
    is_much: bool


def cash_out(search: Search) -> Iterator[Pattern]:
    """An account that paid one pharmacy `payments` times or more within `payment_days` days, together `payments_yuan`
    or more. Such days that overlap are one pattern; it is told as a whole, also outside the month.
    """
    limits = search.limits
    rows = search.rows(
        _PAYMENTS,
        margin=limits.payment_days - 1,
        payments=limits.payments,
        yuan=limits.payments_yuan,
        days=limits.payment_days,
    )
    for _pair, group in groupby(map(_Payment._make, rows), key=lambda paid: (paid.member, paid.provider)):
        payments = list(group)
        for first, last in _stretches(payments):
            if first <= search.last and last >= search.first:
                yield _pattern(search, [paid for paid in payments if first <= paid.day <= last])


def _stretches(payments: list[_Payment]) -> list[tuple[date, date]]:
    """The first and last days of much paying, those that overlap taken together."""
    found: list[tuple[date, date]] = []
    for paid in payments:
        if not paid.is_much:
            continue
        if found and paid.since <= found[-1][1]:
            found[-1] = (found[-1][0], paid.day)
        else:
            found.append((paid.since, paid.day))
    return found


def _pattern(search: Search, payments: list[_Payment]) -> Pattern:
    limits, begun, ended = search.limits, payments[0], payments[-1]
    return Pattern(
        FlagKind.CASH_OUT,
        f"cash_out:{begun.member}:{begun.provider}:{begun.day}",
        begun.member,
        begun.day,
        ended.day,
        {
            "payments": str(len(payments)),
            "provider": begun.pharmacy,
            "first": begun.day.isoformat(),
            "last": ended.day.isoformat(),
            "yuan": str(sum(paid.amount for paid in payments)),
            "limit_payments": str(limits.payments),
            "limit_days": str(limits.payment_days),
            "limit_yuan": str(limits.payments_yuan),
        },
        provider=begun.provider,
        claims=tuple(sorted({paid.claim for paid in payments if paid.claim is not None})),
    )
