"""Settled visits as the engine takes them: a range of members at once, a few queries however many, no model instances.

What `claims.selectors.facts` says of one claim; the amounts under the unchanged law prove both equal
(tests/scenarios/test_replay.py, tests/simulation/test_runs.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from members.models import RegistrationState
from members.selectors.insured import person_on, registered
from policies.engine.absence import Registered
from policies.engine.facts import Line, Person, Visit
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier

# Settlements that stand, each member's in the order in which they were settled: so the accumulators were moved. One
# that was settled anew after a reversal keeps the place that it had.
_VISITS = """
SELECT settlement.member_id, member.birth_date, member.died_on, settlement.claim_id, claim.provider_id, claim.benefit,
    claim.served_on, claim.prescribing_tier, claim.out_of_area, claim.place, claim.filed_on, disease.code,
    claim.stay_hours, claim.late_filing_accepted_by_id IS NOT NULL, contribution.received_on,
    settlement.total, settlement.self_paid, settlement.over_limit, settlement.upfront_share, settlement.covered,
    settlement.out_of_area_share, settlement.deductible, settlement.pooled, settlement.pooled_inpatient,
    settlement.patient_share
FROM claims_settlement AS settlement
JOIN claims_claim AS claim ON claim.id = settlement.claim_id AND claim.member_id BETWEEN %(first)s AND %(last)s
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN policies_disease AS disease ON disease.id = claim.disease_id
LEFT JOIN members_contribution AS contribution
    ON contribution.member_id = settlement.member_id AND contribution.member_id BETWEEN %(first)s AND %(last)s
    AND contribution.month = date_trunc('month', claim.served_on)::date
WHERE settlement.member_id BETWEEN %(first)s AND %(last)s AND member.region_id = %(region)s
  AND settlement.served_on BETWEEN %(first_day)s AND %(last_day)s AND settlement.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM claims_settlement AS counter WHERE counter.reverses_id = settlement.id)
ORDER BY settlement.member_id, coalesce(settlement.in_place_of_id, settlement.id)
"""
_LINES = """
SELECT claim_id, kind, category, amount, over_limit, upfront_rate, is_negotiated, is_prenatal,
    CASE WHEN is_negotiated THEN code ELSE '' END, is_chinese_medicine
FROM claims_claimline WHERE claim_id = ANY(%(claims)s) ORDER BY claim_id, id
"""
_RANGE = "SELECT member_id, lower(period), upper(period), {} FROM {} WHERE member_id BETWEEN %(first)s AND %(last)s"
_ENROLLMENTS = _RANGE.format("status, scheme, employment", "members_enrollment")
_STAYS = _RANGE.format("1", "members_hospitalstay")
_NURSING = _RANGE.format("1", "members_specialnursing")
_AWAY = _RANGE.format("kind || ' ' || place", "members_outofarearegistration")
_DOCTORS = _RANGE.format("provider_id", "members_familydoctorcontract")
_DISEASES = """
SELECT registration.member_id, lower(registration.period), upper(registration.period), registration.benefit,
    disease.code
FROM members_diseaseregistration AS registration
JOIN policies_disease AS disease ON disease.id = registration.disease_id
WHERE registration.member_id BETWEEN %(first)s AND %(last)s AND registration.state = %(approved)s
"""
_AGREEMENTS = """
SELECT provider_id, lower(period), upper(period), tier, is_designated, is_dual_channel, grade
FROM providers_agreement WHERE provider_id = ANY(%(providers)s)
"""

_TIERS: dict[str, Tier] = {each.value: each for each in Tier}
_BENEFITS: dict[str, Benefit] = {each.value: each for each in Benefit}
_KINDS: dict[str, ItemKind] = {each.value: each for each in ItemKind}
_CATEGORIES: dict[str, CatalogCategory] = {each.value: each for each in CatalogCategory}
_AWAYS: dict[str, OutOfAreaKind] = {each.value: each for each in OutOfAreaKind}

# What a statement asks for a range of members, and what for some alone.
_IN_RANGE, _AMONG = "member_id BETWEEN %(first)s AND %(last)s", "member_id = ANY(%(members)s)"

# Rows of a table by whom or what they belong to: the first day, the day after the last (None while open), the rest.
Periods = Mapping[int, Sequence[tuple[Any, ...]]]


class Agreed(NamedTuple):
    """What was agreed with the provider on the day; without an agreement it is primary and not designated."""

    tier: Tier
    is_designated: bool
    is_dual_channel: bool
    grade: str


_NOBODY: frozenset[int] = frozenset()
NOT_AGREED = Agreed(Tier.PRIMARY, False, False, "")


class Settled(NamedTuple):
    """A visit with what holds on its day, and the ten amounts that it was settled with, in the order of an `Outcome`.

    place: of service. registrations: the approved ones of the day, as (benefit, national code). family_doctors: ids of
    the institutions with which one is signed. is_plain: none of what stands between is anything but empty.
    """

    member_id: int
    claim_id: int
    person: Person
    visit: Visit
    agreed: Agreed
    place: str
    late_filing_accepted: bool
    in_hospital: bool
    in_special_nursing: bool
    away: Sequence[Registered]
    registrations: Sequence[tuple[str, str]]
    family_doctors: frozenset[int]
    died: bool
    is_plain: bool
    amounts: tuple[Decimal, ...]


def settled_visits(region_id: int, first: int, last: int, first_day: date, last_day: date) -> Iterator[list[Settled]]:
    """What stands of the region's members with ids from first to last, member by member in the order of settlement.

    first_day, last_day: of service.
    """
    return _visits({"region": region_id, "first": first, "last": last, "first_day": first_day, "last_day": last_day})


def visits_of_some(region_id: int, members: list[int], first_day: date, last_day: date) -> Iterator[list[Settled]]:
    """The same of the members with these ids."""
    return _visits({"region": region_id, "members": members, "first_day": first_day, "last_day": last_day})


def _visits(told: dict[str, Any]) -> Iterator[list[Settled]]:
    told["approved"] = RegistrationState.APPROVED.value
    rows = _fetch(_VISITS, told)
    if not rows:
        return
    told |= {"claims": [row[3] for row in rows], "providers": list({row[4] for row in rows})}
    surroundings = _Surroundings(told)
    lines = _lines(told)
    held: list[Settled] = []
    for row in rows:
        if held and held[0].member_id != row[0]:
            yield held
            held = []
        held.append(surroundings.settled(row, tuple(lines.get(row[3], ()))))
    yield held


def _fetch(statement: str, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    if "members" in told:
        statement = statement.replace(_IN_RANGE, _AMONG)
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return cursor.fetchall()


def _lines(told: Mapping[str, Any]) -> dict[int, list[Line]]:
    bills: dict[int, list[Line]] = {}
    for claim, kind, category, *rest in _fetch(_LINES, told):
        line = Line(_KINDS[kind], _CATEGORIES[category], *rest)
        if claim in bills:
            bills[claim].append(line)
        else:
            bills[claim] = [line]
    return bills


def _by_first(rows: Iterable[tuple[Any, ...]]) -> Periods:
    held: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for whose, *rest in rows:
        held[whose].append(tuple(rest))
    return dict(held)


def _first_on(day: date, periods: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    """The first that holds on a day."""
    for each in periods:
        if each[0] <= day and (each[1] is None or day < each[1]):
            return each
    return None


def _on(day: date, periods: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those that hold on a day."""
    return [each for each in periods if each[0] <= day and (each[1] is None or day < each[1])]


class _Surroundings:
    """What is known of a range of members beside their claims, and of the providers where they were."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.enrollments = _by_first(_fetch(_ENROLLMENTS, told))
        self.stays = _by_first(_fetch(_STAYS, told))
        self.nursing = _by_first(_fetch(_NURSING, told))
        self.away = _by_first(_fetch(_AWAY, told))
        self.doctors = _by_first(_fetch(_DOCTORS, told))
        self.diseases = _by_first(_fetch(_DISEASES, told))
        # Whoever has none of these at any time needs no look at the day.
        self.marked = {*self.stays, *self.nursing, *self.away, *self.doctors, *self.diseases}
        agreements = _by_first(_fetch(_AGREEMENTS, told))
        self.agreements = {
            provider: [(first, end, Agreed(_TIERS[tier], *rest)) for first, end, tier, *rest in rows]
            for provider, rows in agreements.items()
        }

    def settled(self, row: tuple[Any, ...], lines: tuple[Line, ...]) -> Settled:
        """One row of `_VISITS` as a visit."""
        (member, birth_date, died_on, claim, provider, benefit, day, prescribing, away, place) = row[:10]
        filed_on, disease, hours, late_accepted, received_on = row[10:15]
        enrolled = _first_on(day, self.enrollments.get(member, ()))
        status, scheme, employment = enrolled[2:] if enrolled else (None, None, None)
        agreement = _first_on(day, self.agreements.get(provider, ()))
        agreed = agreement[2] if agreement else NOT_AGREED
        visit = Visit(
            day,
            str(provider),
            agreed.tier,
            _BENEFITS[benefit],
            lines,
            _TIERS[prescribing] if prescribing else None,
            _AWAYS[away] if away else None,
            filed_on,
            disease or "",
            hours,
        )
        person = person_on(day, birth_date, died_on, status, scheme, employment, received_on)
        if not (away or late_accepted or died_on == day or member in self.marked):
            return Settled(
                member, claim, person, visit, agreed, place, False, False, False, (), (), _NOBODY, False, True, row[15:]
            )
        return Settled(
            member,
            claim,
            person,
            visit,
            agreed,
            place,
            late_accepted,
            bool(_on(day, self.stays.get(member, ()))),
            bool(_on(day, self.nursing.get(member, ()))),
            [registered(each[2]) for each in _on(day, self.away.get(member, ()))],
            [each[2:] for each in _on(day, self.diseases.get(member, ()))],
            frozenset(each[2] for each in _on(day, self.doctors.get(member, ()))),
            died_on == day,
            False,
            row[15:],
        )
