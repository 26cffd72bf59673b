"""How the people, providers and prices came into the house: small files by the import page, the people set-based."""

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from agency.fields import search_hash
from agency.models import PoolingRegion, Role, User
from demo.office.house import DemoFailed, Office
from demo.population import Invented
from demo.population.mass import Resident
from demo.population.people import Person
from demo.population.writing import add_residents
from files.services.imports import import_file
from members.models import Member
from policies.engine.vocabulary import Tier
from policies.models import AveragePension, PensionState
from policies.services.pensions import approve_average_pension
from providers.models import Provider
from providers.services import change_agreement
from providers.services.details import set_payee, set_place

IMPORTED = ("average_pensions", "providers", "catalog_items")
_RETENTION = Decimal("0.05")
_BANK = "中国工商银行"


def bring_in(office: Office, region: PoolingRegion, invention: Invented, files: dict[str, Path]) -> bool:
    """Bring a region's people, providers and prices in; False where they are there already.

    DemoFailed where a file is refused, or the region has other people than these.
    """
    numbers = {person.member_number: search_hash(person.identity_number) for person in invention.people}
    known = dict(Member.objects.filter(region=region).values_list("member_number", "identity_hash"))
    same = {number for number in numbers.keys() & known.keys() if numbers[number] == known[number]}
    if known and len(same) < len(numbers):
        raise DemoFailed(
            f"{region.name} {region.name_en} has other people than {files['members'].parent}: give the --seed that "
            "the database was made with, or start with an empty database."
        )
    if known:
        return False
    with transaction.atomic():
        for kind in IMPORTED:
            _import(office, region, kind, files[kind])
        _approve_pensions(office, region)
        add_residents(region, [resident(person) for person in invention.people])
        _describe_providers(office, region, invention)
    return True


def resident(person: Person) -> Resident:
    """A person as the tables are filled with people."""
    return Resident(
        member_number=person.member_number,
        name=person.name,
        identity_number=person.identity_number,
        sex=person.sex,
        birth_date=person.birth_date,
        died_on=None,
        employer=person.employer,
        old_retiree_credit_fen=person.old_retiree_credit_fen,
        enrollments=person.enrollments,
        contributions=person.contributions,
        phone=person.phone,
    )


def _import(office: Office, region: PoolingRegion, kind: str, path: Path) -> None:
    report = import_file(
        kind,
        path.read_bytes(),
        region=region,
        actor=_importer(office, kind),
        today=office.today,
        filename=path.name,
    )
    if report.errors:
        wrong = "\n".join(str(error) for error in report.errors[:5])
        raise DemoFailed(f"{path} was refused:\n{wrong}")


def _approve_pensions(office: Office, region: PoolingRegion) -> None:
    """Let the figures hold that the file has brought."""
    for pension in AveragePension.objects.filter(region=region, state=PensionState.SUBMITTED).order_by("year"):
        approve_average_pension(pension, actor=office.supervisor, reason="与统计公报核对一致")


def _importer(office: Office, kind: str) -> User:
    return office.clerk if kind == "providers" else office.first(Role.POLICY_OFFICER)


def _describe_providers(office: Office, region: PoolingRegion, invention: Invented) -> None:
    """Where the region's providers lie, where their money goes, and of two hospitals what is retained of it."""
    rows = {each.code: each for each in Provider.objects.filter(region=region)}
    clerk = office.clerk
    retained = 0
    for number, each in enumerate(invention.providers, start=1):
        if not each.is_designated or each.is_out_of_area:
            continue
        provider = rows[each.code]
        set_payee(
            provider,
            bank=f"{_BANK}{invention.place.name}分行",
            # Invented, and nobody's.
            account=f"62000009{invention.place.admdvs}{number:05d}",
            actor=clerk,
            reason="按机构提交的收款账户证明录入",
        )
        if each.kind == "retail_pharmacy":
            continue
        set_place(
            provider,
            latitude=Decimal(str(each.latitude)),
            longitude=Decimal(str(each.longitude)),
            actor=clerk,
            reason="按地图核对后登记位置",
        )
        if retained < len(_RETAINED_TIERS) and each.tier in _RETAINED_TIERS:
            retained += 1
            change_agreement(
                provider,
                tier=Tier(each.tier),
                first_day=office.calendar.months[0],
                is_designated=True,
                retention_rate=_RETENTION,
                actor=clerk,
                reason="新年度服务协议约定预留质量保证金百分之五",
            )


_RETAINED_TIERS = ("secondary", "tertiary_a")
