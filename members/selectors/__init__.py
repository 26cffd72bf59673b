"""Questions about members, in the engine's form."""

from calendar import monthrange
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from agency.fields import search_hash
from agency.models import PoolingRegion
from members.models import (
    Contribution,
    DiseaseRegistration,
    Enrollment,
    HospitalStay,
    Member,
    OutOfAreaRegistration,
    RegistrationState,
    SpecialNursing,
)
from policies.engine.facts import ContributionState, Person
from policies.engine.vocabulary import AccountScheme, InsuredStatus, OutOfAreaKind


def find_by_identity(region: PoolingRegion, identity_number: str) -> Member | None:
    """The region's member with this identity number."""
    return Member.objects.filter(region=region, identity_hash=search_hash(identity_number)).first()


def enrollment_on(member: Member, day: date) -> Enrollment | None:
    """The member's enrollment in force on a day; none after death."""
    if member.died_on is not None and day > member.died_on:
        return None
    return Enrollment.objects.filter(member=member, period__contains=day).first()


def person_on(member: Member, day: date) -> Person:
    """The insured person on a service date, for the engine; one query."""
    month = day.replace(day=1)
    received = Contribution.objects.filter(member=OuterRef("member"), month=month).values("received_on")[:1]
    enrollment = (
        Enrollment.objects.filter(member=member, period__contains=day).annotate(received_on=Subquery(received)).first()
    )
    if enrollment is None or (member.died_on is not None and day > member.died_on):
        return Person(member.birth_date, None, None, ContributionState.MISSING)
    status = InsuredStatus(enrollment.status)
    return Person(
        birth_date=member.birth_date,
        status=status,
        scheme=AccountScheme(enrollment.scheme),
        contribution=_contribution_state(status, month, enrollment.received_on),
    )


def _contribution_state(status: InsuredStatus, month: date, received_on: date | None) -> ContributionState:
    """Retirees owe none; a contribution is on time when it arrives by the end of its month (Kaifeng 13)."""
    if status == InsuredStatus.RETIRED:
        return ContributionState.NOT_DUE
    if received_on is None:
        return ContributionState.MISSING
    month_end = month.replace(day=monthrange(month.year, month.month)[1])
    return ContributionState.ON_TIME if received_on <= month_end else ContributionState.LATE


class Whereabouts(NamedTuple):
    """Where a member is on a day and what is registered, as far as it matters for outpatient benefits.

    `registrations`: the diseases registered on the day, as (benefit, national code).
    """

    in_hospital: bool
    in_special_nursing: bool
    out_of_area_registered: bool
    registrations: list[tuple[str, str]]


def whereabouts_on(member: Member, day: date, kind: OutOfAreaKind | None) -> Whereabouts:
    """Stays that cover the day, and whether the member is registered for this kind of out-of-area care; one query."""

    def covers(
        model: type[HospitalStay | SpecialNursing | OutOfAreaRegistration | DiseaseRegistration],
    ) -> QuerySet[Any]:
        return model._default_manager.filter(member=OuterRef("pk"), period__contains=day)

    diseases = covers(DiseaseRegistration).filter(state=RegistrationState.APPROVED).order_by()
    stays, nursing, away, registered = (
        Member.objects.filter(pk=member.pk)
        .order_by()
        .values_list(
            Exists(covers(HospitalStay)),
            Exists(covers(SpecialNursing)),
            Exists(covers(OutOfAreaRegistration).filter(kind=kind or "")),
            ArraySubquery(diseases.values_list(Concat("benefit", Value(" "), "disease__code"))),
        )
        .get()
    )
    return Whereabouts(stays, nursing, away, [(pair.split()[0], pair.split()[1]) for pair in registered])
