"""Payments from personal accounts that look like cash-out (套现): often, and much, at one pharmacy."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import NamedTuple

from monitoring.models import FlagKind, MonitoringStandard
from monitoring.selectors.flag_patterns import Pattern, Search, Stretch, is_within

# Accounts that paid often enough at a pharmacy around the month, with all that they ever paid there. The day is that of
# the purchase: a claim from a provider's file, or one that is settled anew, is posted on a later one. Payments taken
# back do not count.
_PAYMENTS = """
WITH suspect AS MATERIALIZED (
    SELECT entry.debit_id, entry.provider_id
    FROM accounts_ledgerentry AS entry
    JOIN providers_provider AS place ON place.id = entry.provider_id
    LEFT JOIN claims_settlement AS settlement
        ON settlement.id = substring(entry.cause FROM '^settlement:([0-9]+)$')::bigint
    WHERE place.region_id = %(region)s AND place.kind = 'retail_pharmacy'
        AND entry.kind IN ('spending', 'account_payment')
        AND coalesce(settlement.served_on, entry.posted_on) BETWEEN %(from)s AND %(to)s
        AND NOT EXISTS (SELECT FROM accounts_ledgerentry AS back WHERE back.reverses_id = entry.id)
    GROUP BY entry.debit_id, entry.provider_id HAVING count(*) >= %(payments)s AND sum(entry.amount) >= %(yuan)s
)
SELECT account.member_id, entry.provider_id, place.name, coalesce(settlement.served_on, entry.posted_on) AS bought_on,
    entry.amount, settlement.claim_id
FROM suspect
JOIN accounts_ledgerentry AS entry ON entry.debit_id = suspect.debit_id AND entry.provider_id = suspect.provider_id
JOIN accounts_ledgeraccount AS account ON account.id = entry.debit_id
JOIN providers_provider AS place ON place.id = entry.provider_id
LEFT JOIN claims_settlement AS settlement
    ON settlement.id = substring(entry.cause FROM '^settlement:([0-9]+)$')::bigint
WHERE entry.kind IN ('spending', 'account_payment')
    AND NOT EXISTS (SELECT FROM accounts_ledgerentry AS back WHERE back.reverses_id = entry.id)
ORDER BY account.member_id, entry.provider_id, bought_on, entry.id
"""


class _Payment(NamedTuple):
    """A payment of the day of the purchase, yuan."""

    member: int
    provider: int
    pharmacy: str
    day: date
    amount: Decimal
    claim: int | None


def cash_out(search: Search) -> Iterator[Pattern]:
    """An account that paid one pharmacy `payments` times or more within `payment_days` days, together `payments_yuan`
    or more. Such days that overlap are one pattern; it is told as a whole, also outside the month.
    """
    limits = search.limits
    rows = search.rows(_PAYMENTS, margin=limits.payment_days - 1, payments=limits.payments, yuan=limits.payments_yuan)
    for _pair, group in groupby(map(_Payment._make, rows), key=lambda paid: (paid.member, paid.provider)):
        for pattern in _patterns(limits, list(group)):
            if pattern.first_day <= search.last and pattern.last_day >= search.first:
                yield pattern


def _patterns(limits: MonitoringStandard, payments: list[_Payment]) -> Iterator[Pattern]:
    """What is too much among the payments of one account at one pharmacy, which come by day."""
    for first, last in _stretches(limits, payments):
        yield _pattern(limits, [paid for paid in payments if first <= paid.day <= last])


def _stretches(limits: MonitoringStandard, payments: list[_Payment]) -> list[tuple[date, date]]:
    """The first and last days of much paying, those that overlap taken together."""
    stretches: list[tuple[date, date]] = []
    recent: deque[_Payment] = deque()
    for _day, group in groupby(payments, key=lambda paid: paid.day):
        recent.extend(group)
        today = recent[-1].day
        while recent[0].day <= today - timedelta(days=limits.payment_days):
            recent.popleft()
        if len(recent) < limits.payments or sum(paid.amount for paid in recent) < limits.payments_yuan:
            continue
        since = recent[0].day
        if stretches and since <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], today)
        else:
            stretches.append((since, today))
    return stretches


def _outside(limits: MonitoringStandard, payments: list[_Payment], stretches: Sequence[Stretch]) -> Iterator[Pattern]:
    """What is still too much among the payments on other days than these."""
    yield from _patterns(limits, [paid for paid in payments if not is_within(paid.day, stretches)])


def _pattern(limits: MonitoringStandard, payments: list[_Payment]) -> Pattern:
    begun, ended = payments[0], payments[-1]
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
        outside=partial(_outside, limits, payments),
    )
