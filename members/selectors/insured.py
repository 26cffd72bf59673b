"""Who is insured on a day, how, and where they are: for one service date or for thousands at once."""

from calendar import monthrange
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
            _person(member, day, status, scheme, employment, received_on),
            in_hospital,
            in_nursing,
            frozenset(_registered(pair) for pair in away),
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


def _registered(pair: str) -> Registered:
    kind, place = pair.split(" ")
    return Registered(OutOfAreaKind(kind), place)


def _person(
    member: Member, day: date, status: str | None, scheme: str | None, employment: str | None, received_on: date | None
) -> Person:
    if status is None or scheme is None or employment is None or (member.died_on is not None and day > member.died_on):
        return Person(member.birth_date, None, None, ContributionState.MISSING)
    insured = InsuredStatus(status)
    state = _contribution_state(insured, day, received_on)
    return Person(member.birth_date, insured, AccountScheme(scheme), state, Employment(employment))


def _contribution_state(status: InsuredStatus, day: date, received_on: date | None) -> ContributionState:
    """Retirees owe none; a contribution is on time when it arrives by the end of its month (Kaifeng 13)."""
    if status == InsuredStatus.RETIRED:
        return ContributionState.NOT_DUE
    if received_on is None:
        return ContributionState.MISSING
    month_end = day.replace(day=monthrange(day.year, day.month)[1])
    return ContributionState.ON_TIME if received_on <= month_end else ContributionState.LATE
