"""A small office to look at: two regions, a colleague per role, members with a month's work behind them.

Everything is made by the services, as clerks and imports make it.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from agency.models import PoolingRegion, Role, User
from claims.models import Claim
from members.models import Member
from members.services.contributions import record_contribution
from policies.engine.vocabulary import CatalogCategory, InsuredStatus, ItemKind, Tier
from policies.models import PolicyVersion, VersionState
from policies.services.versions import draft_version
from providers.models import Provider, ProviderKind
from providers.services import register_provider
from providers.services.catalogue import record_catalog_item
from reimbursements.models import ReimbursementKind
from tests.builder import reimbursements
from tests.builder.claims import a_claim, a_line
from tests.builder.law import average_pension
from tests.builder.people import insured
from tests.builder.staff import PASSWORD, staff

REASON = "for the tests"
MONTH = date(2024, 3, 1)
TODAY = date(2024, 4, 10)


@dataclass
class Office:
    """What the tests find in the office. `here` is the region of the colleagues, `away` the other one."""

    here: PoolingRegion
    away: PoolingRegion
    staff: dict[str, User] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    stranger: Member | None = None
    objs: dict[str, Any] = field(default_factory=dict)


def furnish() -> Office:
    """Make the office."""
    from tests.builder import office_business as business

    office = Office(PoolingRegion.objects.get(slug="zaozhuang"), PoolingRegion.objects.get(slug="dazhou"))
    _staff(office)
    _people(office)
    _law(office)
    business.settle_claims(office)
    business.preview_a_file(office)
    business.export_a_list(office)
    business.raise_a_flag(office)
    business.write_a_note(office)
    business.open_a_member(office)
    business.settle_with_providers(office)
    business.take_settled_records(office)
    business.answer_a_hospital(office)
    business.run_credits(office)
    business.ask_for_decisions(office)
    business.simulate_the_draft(office)
    business.write_a_case(office)
    return office


def colleague(name: str, role: Role | None, region: PoolingRegion | None) -> User:
    """A login with a role, shown by its name."""
    return staff(name, *([role] if role else []), region=region, display_name=name.replace("_", " "))


def _staff(office: Office) -> None:
    for role in Role:
        office.staff[role.value] = colleague(role.value, role, office.here)
    office.staff["second_supervisor"] = colleague("second_supervisor", Role.SUPERVISOR, office.here)
    office.staff["second_officer"] = colleague("second_officer", Role.POLICY_OFFICER, office.here)
    office.staff["clerk_away"] = colleague("clerk_away", Role.CLERK, office.away)
    office.staff["auditor_away"] = colleague("auditor_away", Role.AUDITOR, office.away)
    office.staff["nobody"] = colleague("nobody", None, None)
    office.staff["root"] = User.objects.create_superuser("root", password=PASSWORD, display_name="root")


def _people(office: Office) -> None:
    here, away = office.here, office.away
    retired = InsuredStatus.RETIRED
    office.members = [
        a_person(here, "P0001", "张伟", date(1985, 5, 20), employer="枣庄市第一机械厂"),
        a_person(here, "P0002", "王秀英", date(1953, 2, 3), sex="F", status=retired),
        a_person(here, "P0003", "李强", date(1990, 8, 8), employer="枣庄市供水公司"),
    ]
    office.stranger = a_person(away, "D0001", "陈静", date(1988, 1, 1), sex="F")
    for member in (office.members[0], office.stranger):
        for month in (date(2024, 2, 1), MONTH):
            record_contribution(member, month=month, base=Decimal("6000.00"), reason=REASON)
    for region, name in ((here, "枣庄市立医院"), (away, "达州市中心医院")):
        office.objs[f"provider_{region.slug}"] = register_provider(
            region,
            code="H0001",
            name=name,
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=Tier.SECONDARY,
            first_day=date(2022, 1, 1),
            reason=REASON,
        )


def a_person(region: PoolingRegion, number: str, name: str, born: date, **more: Any) -> Member:
    """An employee of the combined scheme since before the reform, with a telephone."""
    facts: dict[str, Any] = {"since": date(2023, 1, 1), "phone": "13800138000"}
    return insured(region, member_number=number, name=name, birth_date=born, **facts | more)


def _law(office: Office) -> None:
    for region in (office.here, office.away):
        office.objs[f"pension_{region.slug}"] = average_pension(region, 2021, 3120)
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
    facts: dict[str, Any] = {"claim_number": number, "served_on": day, "today": TODAY, "reason": REASON}
    return a_claim(member, provider=provider, lines=lines, **facts, **more)


def claim_form(member: Any, provider: Any, **more: Any) -> dict[str, Any]:
    """A claim as it is sent, with one line."""
    return {
        "member": member.pk,
        "provider": provider.pk,
        "claim_number": "C9001",
        "benefit": "general_outpatient",
        "served_on": "2024-03-21",
        "reason": REASON,
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-kind": "drug",
        "lines-0-category": "A",
        "lines-0-amount": "120.00",
        **more,
    }


def manual(office: Office, number: str, **facts: Any) -> Claim:
    """A claim of papers handed in at the counter."""
    clinic = office.objs["provider_zaozhuang"]
    return visit(office.members[0], clinic, number, date(2024, 3, 20), filed_on=date(2024, 3, 21), **facts)


def registered(office: Office, claim: Claim, kind: ReimbursementKind = ReimbursementKind.GENERAL) -> Any:
    """Its reimbursement, with a payee."""
    return reimbursements.registered(claim, office.staff["clerk"], kind=kind, payee_name="张伟")
