"""A small office to look at: two regions, a colleague per role, members with a month's work behind them.

Everything is made by the services, as clerks and imports make it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from stdnum.cn import ric

from agency.exporting.sheet import Heading, Sheet
from agency.models import Export, FileImport, PoolingRegion, Role, User
from agency.services.exports import Wanted, export_at_once
from agency.services.file_imports import bring_file
from agency.services.import_runs import preview
from agency.services.staff import assign_role
from claims.models import Claim, Reversal, Settlement
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.contributions import record_contribution
from members.services.enrollments import enroll
from members.services.people import register_member
from monitoring.models import ReviewFlag
from monitoring.services.flags import raise_flags
from monitoring.services.standards import Limits, set_standard
from policies.engine.vocabulary import (
    AccountScheme,
    CatalogCategory,
    Employment,
    InsuredStatus,
    ItemKind,
    Tier,
)
from policies.models import PolicyVersion, VersionState
from policies.services.pensions import record_average_pension
from policies.services.versions import draft_version
from providers.models import Provider, ProviderKind
from providers.services import register_provider
from providers.services.catalogue import record_catalog_item
from tests.claims.visits import told_and_submitted
from tests.clearing.settled import take_settled_records
from tests.clearing.stated import settle_with_providers
from tests.house import a_line
from tests.reimbursements.reimbursed import drafted
from tests.waiting import MONTH, REASON, TODAY, ask_for_decisions, run_credits

PASSWORD = "only-for-tests-2024"


@dataclass
class Office:
    """What the tests find in the office. `here` is the region of the colleagues, `away` the other one."""

    here: PoolingRegion
    away: PoolingRegion
    staff: dict[str, User] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    stranger: Member | None = None
    objs: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(name="office", scope="module")
def furnished_office(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    """One office for all tests of a module; what a test changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnish()
        transaction.set_rollback(True)


def visitor(user: User, language: str = "en") -> Client:
    """A browser in which somebody has logged in, in English unless told otherwise."""
    client = Client()
    client.force_login(user, backend="agency.backends.RoleBackend")
    client.cookies["django_language"] = language
    return client


def text_of(user: User, page: str, row: Any) -> str:
    """A row's page, such as "claims_claim_change", as somebody reads it in English."""
    return visitor(user).get(reverse(f"admin:{page}", args=[row.pk])).content.decode()


def identity_number(birth: date, sequence: int) -> str:
    """A valid identity number of the birth date; an odd sequence is a man's."""
    first = f"370402{birth:%Y%m%d}{sequence:03d}"
    return first + ric.calc_check_digit(first + "0")


def colleague(name: str, role: Role | None, region: PoolingRegion | None) -> User:
    """A login with a role."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, display_name=name.replace("_", " "))
    if role is not None:
        assign_role(user, role, region, reason="furnished")
    return user


def furnish() -> Office:
    office = Office(PoolingRegion.objects.get(slug="zaozhuang"), PoolingRegion.objects.get(slug="dazhou"))
    _staff(office)
    _people(office)
    _law(office)
    _claims(office)
    _flags(office)
    settle_with_providers(office)
    take_settled_records(office)
    run_credits(office)
    ask_for_decisions(office)
    return office


def _staff(office: Office) -> None:
    for role in Role:
        office.staff[role.value] = colleague(role.value, role, office.here)
    office.staff["second_supervisor"] = colleague("second_supervisor", Role.SUPERVISOR, office.here)
    office.staff["second_officer"] = colleague("second_officer", Role.POLICY_OFFICER, office.here)
    office.staff["clerk_away"] = colleague("clerk_away", Role.CLERK, office.away)
    office.staff["nobody"] = colleague("nobody", None, None)
    office.staff["root"] = User.objects.create_superuser("root", password=PASSWORD, display_name="root")


def person(region: PoolingRegion, number: str, name: str, birth: date, sequence: int, **more: Any) -> Member:
    return register_member(
        region,
        member_number=number,
        name=name,
        identity_number=identity_number(birth, sequence),
        sex="M" if sequence % 2 else "F",
        birth_date=birth,
        phone="13800138000",
        reason=REASON,
        **more,
    )


def insure(member: Member, status: InsuredStatus) -> None:
    """In the combined scheme as an employee, from before the reform."""
    enroll(
        member,
        since=date(2023, 1, 1),
        scheme=AccountScheme.COMBINED,
        employment=Employment.EMPLOYEE,
        status=status,
        known_on=date(2023, 1, 1),
        reason=REASON,
    )


def _people(office: Office) -> None:
    active = person(office.here, "P0001", "张伟", date(1985, 5, 20), 1, employer="枣庄市第一机械厂")
    retired = person(office.here, "P0002", "王秀英", date(1953, 2, 3), 2)
    lacking = person(office.here, "P0003", "李强", date(1990, 8, 8), 3, employer="枣庄市供水公司")
    office.members = [active, retired, lacking]
    office.stranger = person(office.away, "D0001", "陈静", date(1988, 1, 1), 4)
    for member in (active, lacking, office.stranger):
        insure(member, InsuredStatus.ACTIVE)
    insure(retired, InsuredStatus.RETIRED)
    for member in (active, office.stranger):
        for month in (date(2024, 2, 1), MONTH):
            record_contribution(member, month=month, base=Decimal("6000.00"), reason=REASON)
    for region, name in ((office.here, "枣庄市立医院"), (office.away, "达州市中心医院")):
        office.objs[f"provider_{region.slug}"] = register_provider(
            region,
            code="H0001",
            name=name,
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=Tier.SECONDARY,
            first_day=date(2022, 1, 1),
            reason=REASON,
        )


def _law(office: Office) -> None:
    for region in (office.here, office.away):
        pension = record_average_pension(
            region, year=2021, monthly=Decimal("3120.00"), is_final=True, source="公报", actor=None, reason=REASON
        )
        office.objs[f"pension_{region.slug}"] = pension
    current = PolicyVersion.objects.filter(region=office.here, state=VersionState.PUBLISHED).order_by("-period")[0]
    office.objs["version"] = current
    office.objs["catalog_item"] = record_catalog_item(
        office.here,
        code="XJ01CAA001",
        name="阿莫西林",
        kind=ItemKind.DRUG,
        category=CatalogCategory.B,
        upfront_rate=Decimal("0.1"),
        first_day=date(2023, 1, 1),
        reason=REASON,
    )
    office.objs["draft"] = draft_version(
        current,
        label="2025-01",
        first_day=date(2025, 1, 1),
        last_day=None,
        actor=office.staff["policy_officer"],
        reason=REASON,
    )


def visit(member: Member, provider: Provider, number: str, day: date, **more: Any) -> Claim:
    """A registered claim of three lines, 1,000.00 yuan."""
    lines = [
        a_line("700.00", name="阿莫西林胶囊"),
        a_line("200.00", ItemKind.TREATMENT, CatalogCategory.B, upfront_rate=Decimal("0.10"), name="彩超检查"),
        a_line("100.00", ItemKind.CONSUMABLE, CatalogCategory.C, name="一次性耗材"),
    ]
    if "filed_on" in more:
        more.setdefault("invoice_number", f"I{number}")
    return register_claim(
        NewClaim(member=member, provider=provider, claim_number=number, served_on=day, lines=lines, **more),
        today=TODAY,
        reason=REASON,
    )


def _claims(office: Office) -> None:
    active, _retired, lacking = office.members
    clinic = office.objs["provider_zaozhuang"]
    assert office.stranger is not None
    office.objs["claim"] = settled = visit(active, clinic, "C0001", date(2024, 3, 5), invoice_number="F001")
    office.objs["settlement"] = settle_claim(settled, today=TODAY, actor=office.staff["clerk"])
    office.objs["refused"] = refused = visit(lacking, clinic, "C0002", date(2024, 3, 6))
    settle_claim(refused, today=TODAY, actor=office.staff["clerk"])
    office.objs["open_claim"] = visit(active, clinic, "C0003", date(2024, 3, 20))
    office.objs["claim_away"] = visit(office.stranger, office.objs["provider_dazhou"], "C0001", date(2024, 3, 5))
    assert isinstance(office.objs["settlement"], Settlement)
    office.objs["reversal"] = request_reversal(
        office.objs["settlement"], actor=office.staff["clerk"], reason="entered twice"
    )
    assert isinstance(office.objs["reversal"], Reversal)
    twice = visit(office.members[1], clinic, "C0005", date(2024, 3, 6))
    entered_twice = settle_claim(twice, today=TODAY, actor=office.staff["clerk"])
    assert isinstance(entered_twice, Settlement)
    taken_back = request_reversal(entered_twice, actor=office.staff["clerk"], reason="entered twice")
    approve_reversal(taken_back, actor=office.staff["supervisor"], today=TODAY)
    office.objs["resettlement"] = taken_back.resettlements.get()
    by_hand = visit(office.members[1], clinic, "C0009", date(2024, 3, 7), filed_on=TODAY)
    clerk, supervisor, finance = (office.staff[role] for role in ("clerk", "supervisor", "finance"))
    waiting = visit(office.members[0], clinic, "C0010", date(2024, 3, 21), filed_on=TODAY)
    office.objs["reimbursement"] = told_and_submitted(waiting, clerk)
    office.objs["payment_batch"] = drafted(by_hand, clerk, supervisor, finance, TODAY)


def _flags(office: Office) -> None:
    """An open flag: the first member's claims of two days in a row, where the office looks from the second on."""
    office.objs["file_import"] = _previewed_file(office)
    office.objs["export"] = _exported_list(office)
    office.objs["monitoring_standard"] = set_standard(
        office.here,
        Limits(
            minutes=60,
            kilometres=50,
            consecutive_days=1,
            visits_a_day=2,
            payments=5,
            payment_days=7,
            payments_yuan=Decimal("1000.00"),
        ),
        actor=office.staff["supervisor"],
        reason=REASON,
    )
    raise_flags(office.here, month=date(2024, 3, 1), today=TODAY, actor=office.staff["supervisor"])
    office.objs["review_flag"] = ReviewFlag.objects.get(region=office.here)


def _exported_list(office: Office) -> Export:
    """The second supervisor took the list of regions out."""
    wanted = Wanted("agency.poolingregion", "", "csv", "", "", office.here)
    sheet = Sheet("regions", [Heading("Name")], [[office.here.name]])
    export, file = export_at_once(wanted, sheet, actor=office.staff["second_supervisor"])
    file.close()
    return export


def _previewed_file(office: Office) -> FileImport:
    """A file of members of which one row is new and one is wrong."""
    number = identity_number(date(1991, 2, 3), 71)
    rows = [f"P0901,钱一,{number},M,1991-02-03", f"P0902,钱二,{number},?,1991-02-03"]
    content = "\n".join(["member_number,name,identity_number,sex,birth_date", *rows]).encode()
    brought = bring_file("members", content, region=office.here, actor=office.staff["clerk"], name="members.csv")
    preview(brought, TODAY)
    return brought
