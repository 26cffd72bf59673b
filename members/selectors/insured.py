"""Who is insured on a day, how, and where they are: for one service date or for thousands at once."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from members.models import Member, RegistrationState
from policies.engine.absence import Registered
from policies.engine.facts import ContributionState, Person
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus, OutOfAreaKind

# One row for each member and day that is asked for, in the order of asking. Enrollments of a member never overlap.
_SITUATIONS = """
SELECT enrollment.status, enrollment.scheme, enrollment.employment, contribution.received_on,
    EXISTS (SELECT FROM members_hospitalstay AS stay
        WHERE stay.member_id = asked.member_id AND stay.period @> asked.day),
    EXISTS (SELECT FROM members_specialnursing AS stay
        WHERE stay.member_id = asked.member_id AND stay.period @> asked.day),
    ARRAY(SELECT away.kind || ' ' || away.place FROM members_outofarearegistration AS away
        WHERE away.member_id = asked.member_id AND away.period @> asked.day),
    ARRAY(SELECT contract.provider_id FROM members_familydoctorcontract AS contract
        WHERE contract.member_id = asked.member_id AND contract.period @> asked.day),
    ARRAY(SELECT registration.benefit || ' ' || disease.code
        FROM members_diseaseregistration AS registration
        JOIN policies_disease AS disease ON disease.id = registration.disease_id
        WHERE registration.member_id = asked.member_id AND registration.period @> asked.day
          AND registration.state = %(approved)s)
FROM unnest(%(members)s::bigint[], %(days)s::date[]) WITH ORDINALITY AS asked(member_id, day, place)
LEFT JOIN members_enrollment AS enrollment
    ON enrollment.member_id = asked.member_id AND enrollment.period @> asked.day
LEFT JOIN members_contribution AS contribution
    ON contribution.member_id = asked.member_id AND contribution.month = date_trunc('month', asked.day)::date
ORDER BY asked.place
"""


# Looked up for each of many visits; the enums' own way takes ten times as long.
_STATUSES: dict[str, InsuredStatus] = {each.value: each for each in InsuredStatus}
# Each named once, as a simulation asks for a million people (see `policies.engine.vocabulary`).
_RETIRED, _NOT_DUE, _ON_TIME = InsuredStatus.RETIRED, ContributionState.NOT_DUE, ContributionState.ON_TIME
_SCHEMES: dict[str, AccountScheme] = {each.value: each for each in AccountScheme}
_EMPLOYMENTS: dict[str, Employment] = {each.value: each for each in Employment}


class Situation(NamedTuple):
    """A member on a day: as the engine sees a person, in hospital or not, and what is registered.

    `away`: the out-of-area registrations in force. `registrations`: the diseases registered on the day,
    as (benefit, national code). `family_doctors`: ids of the institutions with which a family doctor is signed.
    """

    person: Person
    in_hospital: bool
    in_special_nursing: bool
    away: frozenset[Registered]
    registrations: list[tuple[str, str]]
    family_doctors: frozenset[int] = frozenset()


def situations(asked: Sequence[tuple[Member, date]]) -> list[Situation]:
    """The situation of each member on its day, in the order of asking; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SITUATIONS,
            {
                "approved": RegistrationState.APPROVED.value,
                "members": [member.pk for member, _day in asked],
                "days": [day for _member, day in asked],
            },
        )
        rows = cursor.fetchall()
    return [
        Situation(
            person_on(day, member.birth_date, member.died_on, status, scheme, employment, received_on),
            in_hospital,
            in_nursing,
            frozenset(registered(pair) for pair in away),
            [(pair.split()[0], pair.split()[1]) for pair in registrations],
            frozenset(family_doctors),
        )
        for (member, day), (
            status,
            scheme,
            employment,
            received_on,
            in_hospital,
            in_nursing,
            away,
            family_doctors,
            registrations,
        ) in zip(asked, rows, strict=True)
    ]


def registered(pair: str) -> Registered:
    """An out-of-area registration from its kind and place, parted by a space."""
    kind, place = pair.split(" ")
    return Registered(OutOfAreaKind(kind), place)


def person_on(
    day: date,
    birth_date: date,
    died_on: date | None,
    status: str | None,
    scheme: str | None,
    employment: str | None,
    received_on: date | None,
) -> Person:
    """A member as the engine sees a person on a day.

    status, scheme, employment: of the enrollment in force, None without one. received_on: when the day's month was paid
    for.
    """
    if status is None or scheme is None or employment is None or (died_on is not None and day > died_on):
        return Person(birth_date, None, None, ContributionState.MISSING)
    insured = _STATUSES[status]
    state = _contribution_state(insured, day, received_on)
    return Person(birth_date, insured, _SCHEMES[scheme], state, _EMPLOYMENTS[employment])


def _contribution_state(status: InsuredStatus, day: date, received_on: date | None) -> ContributionState:
    """Retirees owe none; a contribution is on time when it arrives by the end of its month (Kaifeng 13)."""
    if status == _RETIRED:
        return _NOT_DUE
    if received_on is None:
        return ContributionState.MISSING
    is_on_time = (received_on.year, received_on.month) <= (day.year, day.month)
    return _ON_TIME if is_on_time else ContributionState.LATE
