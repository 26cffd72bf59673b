"""People without a resident's number, whom the counter registered and enrolled this month."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from stdnum.cn import ric

from demo.office.house import Office
from members.models import IdentityDocument, Member, Sex
from members.services.enrollments import enroll
from members.services.people import register_member
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus

ARRIVED_IN = "baoshan"
_REASON = "用人单位为外籍及港澳台员工办理参保登记"


@dataclass(frozen=True)
class Newcomer:
    """A document, and what its number does not say."""

    name: str
    kind: IdentityDocument
    number: str
    employer: str
    sex: Sex | None = None
    birth_date: date | None = None


def _numbered(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


# Invented, and nobody's: the places and countries of these numbers do not exist.
_NEWCOMERS = (
    Newcomer("ALICE EXAMPLE", IdentityDocument.FOREIGNER_CARD, _numbered("95399919850412998"), "云溪中学"),
    Newcomer(
        "穆罕默德·哈桑",
        IdentityDocument.FOREIGNER_CARD,
        "ZZZ530188070494",
        "长桥建材公司",
        sex=Sex.MALE,
        birth_date=date(1988, 7, 4),
    ),
    Newcomer("陈嘉欣", IdentityDocument.RESIDENCE_PERMIT, _numbered("81999919910815998"), "新林食品厂"),
    Newcomer("林𡷊", IdentityDocument.RESIDENCE_PERMIT, _numbered("83999919790223999"), "新林食品厂"),
    Newcomer(
        "JEAN-PAUL O'EXAMPLE",
        IdentityDocument.FOREIGN_PASSPORT,
        "X0000001Z",
        "云溪中学",
        sex=Sex.MALE,
        birth_date=date(1983, 11, 30),
    ),
)


def register_newcomers(office: Office) -> None:
    """Register and enroll them, each with another document."""
    region = office.regions[ARRIVED_IN]
    if Member.objects.filter(region=region).exclude(document_kind=IdentityDocument.RESIDENT_CARD).exists():
        return
    with transaction.atomic():
        for number, newcomer in enumerate(_NEWCOMERS, start=1):
            member = register_member(
                region,
                member_number=f"{region.admdvs}9{number:05d}",
                name=newcomer.name,
                document_kind=newcomer.kind,
                identity_number=newcomer.number,
                sex=newcomer.sex,
                birth_date=newcomer.birth_date,
                employer=newcomer.employer,
                known_on=office.today,
                **office.by_clerk(_REASON),
            )
            enroll(
                member,
                since=office.today.replace(day=1),
                scheme=AccountScheme.COMBINED,
                employment=Employment.EMPLOYEE,
                status=InsuredStatus.ACTIVE,
                known_on=office.today,
                **office.by_clerk(_REASON),
            )
