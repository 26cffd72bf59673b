"""The people of a story, as members of a region."""

from collections.abc import Iterator
from datetime import date

from stdnum.cn import ric

from agency.models import PoolingRegion
from members.models import Member, Sex
from members.models.contributions import BasisKind
from members.services.contributions import record_contribution
from members.services.enrollments import enroll
from members.services.people import record_death, register_member, set_civil_servant_basis, set_contribution_months
from policies.engine.vocabulary import InsuredStatus
from scenarios.format.members import ContributionSpec, EnrollmentSpec, MemberSpec

REASON = "worked case"


def invented_identity_number(region: PoolingRegion, birth_date: date, sex: str, number: int) -> str:
    """A well-formed identity number nobody has: the region's code, the birth date, a sequence, the check digit."""
    sequence = number * 2 % 998 + (1 if sex == Sex.MALE else 0)
    body = f"{region.admdvs}{birth_date:%Y%m%d}{sequence:03d}"
    return body + ric.calc_check_digit(body + "0")


def months_between(first: date, last: date) -> Iterator[date]:
    """First-of-month dates from first to last, both inside."""
    month = first
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def contribute(member: Member, spec: ContributionSpec) -> None:
    """Record the contributions of the months named."""
    for month in months_between(spec.first, spec.last):
        record_contribution(member, month=month, base=spec.base, received_on=spec.received_on, reason=REASON)


def enroll_as(member: Member, spec: EnrollmentSpec) -> None:
    """Enroll from the day named."""
    enroll(
        member,
        since=spec.since,
        scheme=spec.scheme,
        employment=spec.employment,
        status=spec.status,
        had_account_before=spec.had_account_before,
        known_on=spec.since,
        reason=REASON,
    )


def create_member(region: PoolingRegion, number: int, name: str, spec: MemberSpec) -> Member:
    """A person of the story, not yet enrolled."""
    return register_member(
        region,
        member_number=f"S{number:04d}",
        name=name,
        identity_number=invented_identity_number(region, spec.birth_date, spec.sex, number),
        sex=spec.sex,
        birth_date=spec.birth_date,
        old_retiree_credit=spec.old_retiree_credit,
        reason=REASON,
    )


def create_insured(
    region: PoolingRegion,
    number: int,
    name: str,
    spec: MemberSpec,
    enrollments: list[EnrollmentSpec],
    contributions: list[ContributionSpec],
) -> Member:
    """A person with everything that holds before the story's first step."""
    member = create_member(region, number, name, spec)
    for enrollment in enrollments:
        enroll_as(member, enrollment)
    for contribution in contributions:
        contribute(member, contribution)
    if spec.contribution_months is not None:
        set_contribution_months(member, months=spec.contribution_months, known_on=enrollments[0].since, reason=REASON)
    if spec.civil_servant_basis is not None:
        active = any(each.status == InsuredStatus.ACTIVE for each in enrollments)
        set_civil_servant_basis(
            member,
            since=enrollments[0].since,
            kind=BasisKind.DECEMBER_2022_BASE if active else BasisKind.DECEMBER_2022_PENSION,
            amount=spec.civil_servant_basis,
            known_on=enrollments[0].since,
            reason=REASON,
        )
    if spec.died_on is not None:
        record_death(member, died_on=spec.died_on, known_on=spec.died_on, reason=REASON)
    return member
