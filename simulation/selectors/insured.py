"""Whom accounts are credited for, with all that decides it: a range of members at once, in four statements.

What `accounts.selectors.credits` asks about one member and month. The months of a question are numbered from 0, and
several of them are the number with those bits.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from members.models.contributions import PENSION_KINDS

_MEMBERS = """
SELECT id, birth_date, died_on, old_retiree_credit, contribution_months FROM members_member
WHERE region_id = %(region)s AND id BETWEEN %(first)s AND %(last)s
"""
_ENROLLMENTS = """
SELECT member_id, lower(period), upper(period), status, employment, scheme, had_account_before FROM members_enrollment
WHERE member_id BETWEEN %(first)s AND %(last)s ORDER BY member_id, period
"""
# A month is contributed for once, so that the sum of its bits has each once.
_CONTRIBUTIONS = """
SELECT paid.member_id, paid.base, sum(asked.bit)
FROM unnest(%(months)s::date[], %(bits)s::numeric[]) AS asked (month, bit)
JOIN members_contribution AS paid ON paid.month = asked.month
WHERE paid.member_id BETWEEN %(first)s AND %(last)s AND paid.received_on <= %(as_of)s
GROUP BY paid.member_id, paid.base
"""
_CIVIL_SERVANTS = """
SELECT member_id, since, kind = ANY (%(pension_kinds)s), amount FROM members_civilservantbasis
WHERE member_id BETWEEN %(first)s AND %(last)s ORDER BY member_id, since DESC
"""


class Enrolled(NamedTuple):
    """How somebody is insured from the first day until before `end` (None while open)."""

    first_day: date
    end: date | None
    status: str
    employment: str
    scheme: str
    had_account_before: bool

    def holds_on(self, day: date) -> bool:
        """Whether it does."""
        return self.first_day <= day and (self.end is None or day < self.end)


class CivilServantSum(NamedTuple):
    """What the subsidy is a share of from a month on, yuan, and whether it is a pension."""

    since: date
    is_pension: bool
    amount: Decimal


class Insured(NamedTuple):
    """A member. bases: contribution bases, yuan, each with the months that it was received for. sums: newest first."""

    birth_date: date
    died_on: date | None
    old_retiree_credit: Decimal | None
    contribution_months: int | None
    enrollments: Sequence[Enrolled]
    bases: Sequence[tuple[Decimal, int]]
    sums: Sequence[CivilServantSum]


def insured_in(region_id: int, members: tuple[int, int], months: Sequence[date], as_of: date) -> Iterator[Insured]:
    """The region's members with ids in a range, both ends inside.

    months: by their first days; other contributions are left out, and those received after as_of.
    """
    told = {
        "region": region_id,
        "first": members[0],
        "last": members[1],
        "months": list(months),
        "bits": [1 << number for number in range(len(months))],
        "as_of": as_of,
        "pension_kinds": [kind.value for kind in PENSION_KINDS],
    }
    enrollments = _by_member(_ENROLLMENTS, told)
    contributions = _by_member(_CONTRIBUTIONS, told)
    sums = _by_member(_CIVIL_SERVANTS, told)
    for member, birth_date, died_on, old_retiree_credit, contribution_months in _fetch(_MEMBERS, told):
        yield Insured(
            birth_date,
            died_on,
            old_retiree_credit,
            contribution_months,
            [Enrolled(*row) for row in enrollments.get(member, ())],
            [(base, int(bits)) for base, bits in contributions.get(member, ())],
            [CivilServantSum(*row) for row in sums.get(member, ())],
        )


def _by_member(statement: str, told: Mapping[str, Any]) -> dict[int, list[tuple[Any, ...]]]:
    held: dict[int, list[tuple[Any, ...]]] = {}
    for member, *rest in _fetch(statement, told):
        held.setdefault(member, []).append(tuple(rest))
    return held


def _fetch(statement: str, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return cursor.fetchall()
