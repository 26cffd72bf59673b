"""People, providers and staff for tests, made by the same services as in the office.

Regions and their law are in every test database (see tests/conftest.py); what a test needs beside them is built here in
one line. Identity numbers are invented: well formed, and nobody's.
"""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from agency.models import PoolingRegion, Role, User
from agency.services.staff import assign_role
from claims.models import ClaimLine
from members.models import Contribution, Member, Sex
from members.services.contributions import record_contribution
from members.services.enrollments import enroll
from members.services.people import register_member
from policies.engine.vocabulary import AccountScheme, CatalogCategory, Employment, InsuredStatus, ItemKind, Tier
from policies.models import AveragePension
from policies.services.pensions import approve_average_pension, submit_average_pension
from providers.models import Provider, ProviderKind
from providers.services import register_provider
from scenarios.people import invented_identity_number, months_between

REASON = "test"
PASSWORD = "correct horse battery"

_numbers = count(1)


def region(slug: str) -> PoolingRegion:
    """One of the five regions, by its pack's slug."""
    return PoolingRegion.objects.get(slug=slug)


def staff(username: str, *roles: Role, region: PoolingRegion | None = None) -> User:
    """A person at the agency who holds the roles in the region, or in all regions; the password is PASSWORD."""
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True)
    for role in roles:
        assign_role(user, role, region, reason=REASON)
    return user


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


def contributions(
    member: Member, first: date, last: date, base: Decimal = Decimal("6000.00"), received_on: date | None = None
) -> list[Contribution]:
    """Contributions for the months from first to last, both first-of-month days; each on time unless a day is given."""
    return [
        record_contribution(member, month=month, base=base, received_on=received_on, reason=REASON)
        for month in months_between(first, last)
    ]


def average_pension(
    region: PoolingRegion, year: int, monthly: Decimal | int, *, is_final: bool = True
) -> AveragePension:
    """A region's average pension in force, recorded and approved by two people; whatever it is, they are sure."""
    officers = [User.objects.get_or_create(username=name)[0] for name in ("statistician", "second-statistician")]
    pension = submit_average_pension(
        region,
        year=year,
        monthly=Decimal(monthly),
        is_final=is_final,
        today=date(year, 12, 31),
        actor=officers[0],
        reason=REASON,
        confirmed_reason=REASON,
    )
    return approve_average_pension(pension, actor=officers[1], reason=REASON)


def a_line(
    amount: str | Decimal,
    kind: ItemKind = ItemKind.DRUG,
    category: CatalogCategory = CatalogCategory.A,
    **more: Any,
) -> ClaimLine:
    """A line of a bill, not saved."""
    return ClaimLine(kind=kind, category=category, amount=Decimal(amount), **more)


def pharmacy(region: PoolingRegion) -> Provider:
    """The region's designated pharmacy for whatever is bought from an account; one for each region."""
    found = Provider.objects.filter(region=region, code="PHARMACY").first()
    return found or register_provider(
        region,
        code="PHARMACY",
        name="测试药店",
        kind=ProviderKind.RETAIL_PHARMACY,
        tier=Tier.PHARMACY,
        first_day=date(2020, 1, 1),
        reason=REASON,
    )


def a_provider(
    region: PoolingRegion,
    tier: Tier = Tier.PRIMARY,
    *,
    designated: bool = True,
    first_day: date = date(2020, 1, 1),
    is_out_of_area: bool = False,
) -> Provider:
    """A provider of the tier with an agreement from the first day on; a pharmacy for the tier of pharmacies."""
    number = next(_numbers)
    return register_provider(
        region,
        code=f"P{number:06d}",
        name=f"测试机构{number}",
        kind=ProviderKind.RETAIL_PHARMACY if tier == Tier.PHARMACY else ProviderKind.MEDICAL_INSTITUTION,
        tier=tier,
        first_day=first_day,
        is_designated=designated,
        is_out_of_area=is_out_of_area,
        reason=REASON,
    )
