"""Patterns among claims that somebody should look at. Claims taken back do not count, refused ones where it says so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db import connection
from haversine import haversine

from agency.models import PoolingRegion
from monitoring.models import FlagKind, MonitoringStandard

# First and last day.
Stretch = tuple[date, date]


def is_within(day: date, stretches: Sequence[Stretch]) -> bool:
    """The day lies in one of them."""
    return any(first <= day <= last for first, last in stretches)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What was found, from which a flag is raised. `key`, `facts`, days: as of `ReviewFlag`; `claims`: their ids.

    `outside`, of a pattern that may grow at either end: what of it is a pattern still without some of its days. Such a
    pattern is known by its days, the others by their key alone.
    """

    kind: FlagKind
    key: str
    member: int
    first_day: date
    last_day: date
    facts: dict[str, str]
    provider: int | None = None
    claims: tuple[int, ...] = ()
    outside: Callable[[Sequence[Stretch]], Iterator["Pattern"]] | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Where is looked: a region's month, from its first to its last day, by the office's limits."""

    region: PoolingRegion
    first: date
    last: date
    limits: MonitoringStandard

    def rows(self, statement: str, *, margin: int = 0, **more: Any) -> list[tuple[Any, ...]]:
        """What a statement finds; it may look at so many days before and after the month."""
        circumstances = timedelta(days=margin)
        parameters: dict[str, Any] = {
            "region": self.region.pk,
            "first": self.first,
            "last": self.last,
            "from": self.first - circumstances,
            "to": self.last + circumstances,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters | more)
            return cursor.fetchall()


_FAR_APART = """
WITH visit AS MATERIALIZED (
    SELECT claim.id, claim.member_id, claim.provider_id, claim.served_on, claim.served_on + claim.served_at AS moment,
        place.name, place.latitude, place.longitude
    FROM claims_claim AS claim
    JOIN providers_provider AS place ON place.id = claim.provider_id
    WHERE claim.region_id = %(region)s AND claim.served_on BETWEEN %(from)s AND %(to)s
        AND claim.state IN ('registered', 'settled') AND claim.served_at IS NOT NULL
        AND place.latitude IS NOT NULL AND place.longitude IS NOT NULL
)
SELECT here.member_id, here.id, there.id, here.moment, there.moment, here.name, there.name,
    here.latitude, here.longitude, there.latitude, there.longitude
FROM visit AS here
JOIN visit AS there ON there.member_id = here.member_id AND there.provider_id <> here.provider_id
    AND (there.moment, there.id) > (here.moment, here.id)
    AND there.moment <= here.moment + %(minutes)s * interval '1 minute'
WHERE here.served_on <= %(last)s AND there.served_on >= %(first)s
ORDER BY here.moment, here.id, there.id
"""


def far_apart(search: Search) -> Iterator[Pattern]:
    """Two visits at most `minutes` apart at providers whose known places lie `kilometres` or more apart."""
    minutes, kilometres = search.limits.minutes, search.limits.kilometres
    for row in search.rows(_FAR_APART, margin=minutes // (24 * 60) + 1, minutes=minutes):
        member, here, there, here_at, there_at, here_name, there_name = row[:7]
        here_north, here_east, there_north, there_east = map(float, row[7:])
        distance = haversine((here_north, here_east), (there_north, there_east))
        if distance >= kilometres:
            yield Pattern(
                FlagKind.FAR_APART,
                f"far_apart:{here}:{there}",
                member,
                here_at.date(),
                there_at.date(),
                {
                    "here": here_name,
                    "there": there_name,
                    "here_at": here_at.isoformat(),
                    "there_at": there_at.isoformat(),
                    "minutes": str(round((there_at - here_at).total_seconds() / 60)),
                    "kilometres": f"{distance:.1f}",
                    "limit_minutes": str(minutes),
                    "limit_kilometres": str(kilometres),
                },
                claims=(here, there),
            )


# The days around the month find out who went too often; their other claims say where the row began and ended.
_MANY_DAYS = """
WITH suspect AS MATERIALIZED (
    SELECT DISTINCT member_id FROM (
        SELECT member_id, served_on - (row_number() OVER (PARTITION BY member_id ORDER BY served_on))::int AS run
        FROM (
            SELECT DISTINCT member_id, served_on FROM claims_claim
            WHERE region_id = %(region)s AND served_on BETWEEN %(from)s AND %(to)s
                AND state IN ('registered', 'settled')
        ) AS day
    ) AS numbered
    GROUP BY member_id, run HAVING count(*) > %(limit)s
)
SELECT member_id, array_agg(served_on ORDER BY served_on, id), array_agg(id ORDER BY served_on, id)
FROM (
    SELECT claim.id, claim.member_id, claim.served_on,
        claim.served_on - (dense_rank() OVER (PARTITION BY claim.member_id ORDER BY claim.served_on))::int AS run
    FROM claims_claim AS claim
    JOIN suspect ON suspect.member_id = claim.member_id
    WHERE claim.state IN ('registered', 'settled')
) AS visit
GROUP BY member_id, run
HAVING max(served_on) - min(served_on) + 1 > %(limit)s AND min(served_on) <= %(last)s AND max(served_on) >= %(first)s
ORDER BY member_id, min(served_on)
"""


def many_days(search: Search) -> Iterator[Pattern]:
    """Visits on more than `consecutive_days` days in a row, wherever; the whole row of days, also outside the month."""
    limit = search.limits.consecutive_days
    for member, days, claims in search.rows(_MANY_DAYS, margin=limit, limit=limit):
        yield _row_of_days(limit, member, list(zip(days, claims, strict=True)))


def _row_of_days(limit: int, member: int, visits: list[tuple[date, int]]) -> Pattern:
    """visits: day and claim of each, by day; on each day of the row there is one."""
    first, last = visits[0][0], visits[-1][0]
    return Pattern(
        FlagKind.MANY_DAYS,
        f"many_days:{member}:{first}",
        member,
        first,
        last,
        {
            "days": str((last - first).days + 1),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "limit": str(limit),
        },
        claims=tuple(claim for _day, claim in visits),
        outside=partial(_rows_outside, limit, member, visits),
    )


def _rows_outside(
    limit: int, member: int, visits: list[tuple[date, int]], stretches: Sequence[Stretch]
) -> Iterator[Pattern]:
    """The rows of more than `limit` days among the visits on other days than these."""
    first = visits[0][0]
    left = {day: list(group) for day, group in groupby(visits, key=lambda visit: visit[0])}
    days = [day for day in left if not is_within(day, stretches)]
    for _row, numbered in groupby(enumerate(days), key=lambda each: (each[1] - first).days - each[0]):
        row = [day for _number, day in numbered]
        if len(row) > limit:
            yield _row_of_days(limit, member, [visit for day in row for visit in left[day]])


_SPLIT_BILLS = """
SELECT found.member_id, found.provider_id, found.served_on, found.claims, place.name, bill.amount
FROM (
    SELECT member_id, provider_id, served_on, array_agg(id ORDER BY id) AS claims
    FROM claims_claim
    WHERE region_id = %(region)s AND served_on BETWEEN %(from)s AND %(to)s AND state IN ('registered', 'settled')
    GROUP BY member_id, provider_id, served_on HAVING count(*) > %(limit)s
) AS found
JOIN providers_provider AS place ON place.id = found.provider_id
CROSS JOIN LATERAL (
    SELECT sum(line.amount) AS amount FROM claims_claimline AS line WHERE line.claim_id = ANY(found.claims)
) AS bill
ORDER BY found.served_on, found.member_id, found.provider_id
"""


def split_bills(search: Search) -> Iterator[Pattern]:
    """More than `visits_a_day` bills of one provider for one member on a day."""
    limit = search.limits.visits_a_day
    for member, provider, day, claims, name, amount in search.rows(_SPLIT_BILLS, limit=limit):
        yield Pattern(
            FlagKind.SPLIT_BILL,
            f"split_bill:{member}:{provider}:{day}",
            member,
            day,
            day,
            {
                "visits": str(len(claims)),
                "provider": name,
                "day": day.isoformat(),
                "yuan": str(amount),
                "limit": str(limit),
            },
            provider=provider,
            claims=tuple(claims),
        )


_DURING_STAYS = """
SELECT claim.id, claim.member_id, claim.provider_id, claim.served_on, place.name,
    lower(stay.period), upper(stay.period) - 1
FROM claims_claim AS claim
JOIN members_hospitalstay AS stay ON stay.member_id = claim.member_id AND stay.period @> claim.served_on
JOIN providers_provider AS place ON place.id = claim.provider_id
WHERE claim.region_id = %(region)s AND claim.served_on BETWEEN %(from)s AND %(to)s
    AND claim.state <> 'reversed'
ORDER BY claim.served_on, claim.id
"""


def during_stays(search: Search) -> Iterator[Pattern]:
    """Claims served on a day of a hospital stay, its first and last day included (interpretation 0021).

    Refused ones count, too: somebody came with the card of a person who lay in hospital.
    """
    for claim, member, provider, day, name, first, last in search.rows(_DURING_STAYS):
        facts = {"provider": name, "day": day.isoformat(), "first": first.isoformat()}
        if last is not None:
            facts["last"] = last.isoformat()
        key = f"during_stay:{claim}"
        yield Pattern(FlagKind.DURING_STAY, key, member, day, day, facts, provider=provider, claims=(claim,))


_AFTER_DEATHS = """
SELECT claim.id, claim.member_id, claim.provider_id, claim.served_on, place.name, member.died_on
FROM claims_claim AS claim
JOIN members_member AS member ON member.id = claim.member_id AND member.died_on < claim.served_on
JOIN providers_provider AS place ON place.id = claim.provider_id
WHERE claim.region_id = %(region)s AND claim.served_on BETWEEN %(from)s AND %(to)s
    AND claim.state <> 'reversed'
ORDER BY claim.served_on, claim.id
"""


def after_deaths(search: Search) -> Iterator[Pattern]:
    """Claims served on a day after the member's death; what was served on the day itself is no reason to look.

    Refused ones count, too: somebody came with the card of a dead person.
    """
    for claim, member, provider, day, name, died_on in search.rows(_AFTER_DEATHS):
        facts = {"provider": name, "day": day.isoformat(), "died_on": died_on.isoformat()}
        key = f"after_death:{claim}"
        yield Pattern(FlagKind.AFTER_DEATH, key, member, day, day, facts, provider=provider, claims=(claim,))
