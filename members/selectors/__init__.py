"""Questions about members, in the engine's form."""

from calendar import monthrange
from datetime import date

from agency.fields import search_hash
from agency.models import PoolingRegion
from members.models import (
    Contribution,
    Enrollment,
    HospitalStay,
    Member,
    OutOfAreaRegistration,
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


def contribution_state(member: Member, enrollment: Enrollment, day: date) -> ContributionState:
    """Whether the contribution of the day's month is due, came on time, later, or is missing."""
    if enrollment.status == InsuredStatus.RETIRED:
        return ContributionState.NOT_DUE
    month = day.replace(day=1)
    received = Contribution.objects.filter(member=member, month=month).values_list("received_on", flat=True).first()
    if received is None:
        return ContributionState.MISSING
    month_end = month.replace(day=monthrange(month.year, month.month)[1])
    return ContributionState.ON_TIME if received <= month_end else ContributionState.LATE


def person_on(member: Member, day: date) -> Person:
    """The insured person on a service date, for the engine."""
    enrollment = enrollment_on(member, day)
    if enrollment is None:
        return Person(member.birth_date, None, None, ContributionState.MISSING)
    return Person(
        birth_date=member.birth_date,
        status=InsuredStatus(enrollment.status),
        scheme=AccountScheme(enrollment.scheme),
        contribution=contribution_state(member, enrollment, day),
    )


def is_in_hospital(member: Member, day: date) -> bool:
    """Whether a hospital stay covers the day."""
    return HospitalStay.objects.filter(member=member, period__contains=day).exists()


def is_in_special_nursing(member: Member, day: date) -> bool:
    """Whether medical special nursing covers the day."""
    return SpecialNursing.objects.filter(member=member, period__contains=day).exists()


def is_registered_out_of_area(member: Member, kind: OutOfAreaKind, day: date) -> bool:
    """Whether the member is registered for this kind of out-of-area care on the day."""
    return OutOfAreaRegistration.objects.filter(member=member, kind=kind, period__contains=day).exists()
