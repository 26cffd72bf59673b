"""The insured, and what their employers pay. Identity numbers are invented: well formed, and nobody's."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from agency.models import PoolingRegion, User
from members.models import Contribution, Member, Sex
from members.services.contributions import record_contribution
from members.services.diseases import approve_disease_registration, submit_disease_registration
from members.services.enrollments import enroll
from members.services.people import register_member
from policies.engine.vocabulary import AccountScheme, Benefit, Employment, InsuredStatus
from scenarios.people import invented_identity_number, months_between
from tests.builder.staff import REASON

HYPERTENSION, DIABETES = "M03900", "M01600"
CHRONIC, SPECIAL = Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE
_numbers = count(1)


def region(slug: str) -> PoolingRegion:
    """One of the five regions, by its pack's slug."""
    return PoolingRegion.objects.get(slug=slug)


def a_member(region: PoolingRegion, **overrides: Any) -> Member:
    """A person known to the region and not insured: a man of 1980 unless said otherwise."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "member_number": f"T{number:06d}",
        "name": f"测试{number}",
        "sex": Sex.MALE,
        "birth_date": date(1980, 5, 1),
        "reason": REASON,
    } | overrides
    facts.setdefault("identity_number", invented_identity_number(region, facts["birth_date"], facts["sex"], number))
    return register_member(region, **facts)


def insured(
    region: PoolingRegion,
    *,
    since: date = date(2022, 1, 1),
    scheme: AccountScheme = AccountScheme.COMBINED,
    employment: Employment = Employment.EMPLOYEE,
    status: InsuredStatus = InsuredStatus.ACTIVE,
    had_account_before: bool = True,
    known_on: date | None = None,
    **overrides: Any,
) -> Member:
    """A member enrolled from a day on, known that day unless said otherwise; contributions are recorded separately."""
    member = a_member(region, **overrides)
    enroll(
        member,
        since=since,
        scheme=scheme,
        employment=employment,
        status=status,
        had_account_before=had_account_before,
        known_on=known_on or since,
        reason=REASON,
    )
    return member


def retiree(slug: str = "pingliang", born: date = date(1955, 5, 1), **overrides: Any) -> Member:
    """A retired member."""
    return insured(region(slug), status=InsuredStatus.RETIRED, birth_date=born, **overrides)


def contributions(
    member: Member, first: date, last: date, base: Decimal = Decimal("6000.00"), received_on: date | None = None
) -> list[Contribution]:
    """Contributions for the months from first to last, both first-of-month days; each on time unless a day is given."""
    return [
        record_contribution(member, month=month, base=base, received_on=received_on, reason=REASON)
        for month in months_between(first, last)
    ]


def disease(
    member: Member, maker: User, checker: User, code: str = HYPERTENSION, benefit: Benefit = CHRONIC, **days: date
) -> None:
    """The member has this disease registered for a benefit, from March 2023 unless said otherwise."""
    since = {"since": date(2023, 3, 1)} | days
    asked = submit_disease_registration(member, code=code, benefit=benefit, actor=maker, reason=REASON, **since)
    approve_disease_registration(asked, actor=checker)
