"""What personal accounts would be credited month by month, by the statements of the credit run, posted nowhere."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from accounts.services.credit_sql import entitlements
from members.models.contributions import PENSION_KINDS

# The tables of members as far as the range goes; the rules of each month, whatever days they hold on; and everybody of
# the range, once.
_LAW_AND_DUE = """
WITH members_enrollment AS NOT MATERIALIZED (
    SELECT * FROM members_enrollment WHERE member_id BETWEEN %(first)s AND %(last)s
),
members_contribution AS NOT MATERIALIZED (
    SELECT * FROM members_contribution
    WHERE member_id BETWEEN %(first)s AND %(last)s AND month = ANY (%(months)s::date[])
),
law AS MATERIALIZED (
    SELECT given.month, days.last_day, given.version_id,
        bool_or(way.key = 'conversion_from' AND way.value = 'next_month') AS converts_next_month,
        CASE WHEN bool_or(way.key = 'senior_from' AND way.value = 'next_month') THEN 1 ELSE 0 END AS months_later
    FROM unnest(%(months)s::date[], %(versions)s::bigint[]) AS given (month, version_id)
    CROSS JOIN LATERAL (VALUES ((given.month + interval '1 month - 1 day')::date)) AS days (last_day)
    JOIN policies_conduct AS way ON way.version_id = given.version_id
    GROUP BY given.month, days.last_day, given.version_id
),
due AS (
    SELECT member.id AS member_id, law.month, law.last_day, law.converts_next_month, 'month'::varchar AS cause,
        member.birth_date, member.died_on, member.old_retiree_credit, member.contribution_months
    FROM (SELECT DISTINCT month, last_day, converts_next_month FROM law) AS law
    CROSS JOIN members_member AS member
    WHERE member.region_id = %(region)s AND member.id BETWEEN %(first)s AND %(last)s
),
"""
# By month, kind of member and version: how many are credited, how much, and how many a rule decides for. Without a
# version: how many are insured.
_BY_KIND = (
    entitlements(_LAW_AND_DUE)
    + """
SELECT to_char(month, 'YYYY-MM'), status, employment, scheme, component, fund, version_id,
    count(*) FILTER (WHERE amount > 0), coalesce(sum(amount), 0.00), count(*)
FROM standing WHERE rule_id IS NOT NULL GROUP BY month, status, employment, scheme, component, fund, version_id
UNION ALL
SELECT to_char(month, 'YYYY-MM'), status, employment, scheme, part.component, '-', NULL, 0, 0.00, count(*)
FROM facts CROSS JOIN (VALUES ('personal'), ('civil_servant')) AS part (component)
WHERE status IS NOT NULL GROUP BY month, status, employment, scheme, part.component
"""
)
# Whether a conversion counts from the next month on, by version; where sides differ, they see other members.
_CONVERSIONS = (
    "SELECT version_id, value FROM policies_conduct WHERE key = 'conversion_from' AND version_id = ANY(%(versions)s)"
)

Row = tuple[Any, ...]


def credits_of(
    region_id: int,
    members: tuple[int, int],
    as_of: date,
    before: Mapping[date, int],
    after: Mapping[date, int],
) -> dict[str, Any]:
    """What the members with ids in a range are due on both sides.

    before, after: the version's id by month, given by its first day. as_of: contributions received later do not count.

    `credited` has by month, status, employment, scheme, component and fund, joined by blanks, how many members are
    credited and how much, before and after; `undecided`, by side, how many credits no rule or several decide.
    """
    told: dict[str, Any] = {"region": region_id, "first": members[0], "last": members[1], "as_of": as_of}
    told["pension_kinds"] = [kind.value for kind in PENSION_KINDS]
    sides = {"before": before, "after": after}
    ways: dict[int, str] = dict(_fetch(_CONVERSIONS, {"versions": [*before.values(), *after.values()]}))
    if len(set(ways.values())) > 1:
        asked = {side: _asked(told, versions.items()) for side, versions in sides.items()}
    else:
        asked = dict.fromkeys(sides, _asked(told, {*before.items(), *after.items()}))
    kinds: dict[str, list[Any]] = {}
    undecided = {}
    for place, (side, versions) in enumerate(sides.items()):
        of_months = {f"{month:%Y-%m}": version for month, version in versions.items()}
        undecided[side] = _take(asked[side], of_months, kinds, 2 * place)
    return {"credited": kinds, "undecided": undecided}


def _take(rows: Iterable[Row], versions: Mapping[str, int], kinds: dict[str, list[Any]], place: int) -> int:
    """Put what a side's versions give into its place; returns how many credits are undecided."""
    undecided = 0
    for *kind, version, count, amount, people in rows:
        if kind[0] not in versions:
            continue
        if version is None:
            undecided += people
        elif version == versions[kind[0]]:
            undecided -= people
            if count:
                cell = kinds.setdefault(" ".join(kind), [0, "0.00", 0, "0.00"])
                cell[place], cell[place + 1] = count, str(amount)
    return abs(undecided)


def _asked(told: dict[str, Any], versions: Iterable[tuple[date, int]]) -> list[Row]:
    months = sorted(versions)
    return _fetch(
        _BY_KIND, told | {"months": [month for month, _ in months], "versions": [version for _, version in months]}
    )


def _fetch(statement: str, told: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        # The planner takes a thousandth of the rows that there are and would sort them to find their groups; hashing
        # takes a sixth less.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(statement, told)
        rows: list[Row] = cursor.fetchall()
    return rows
