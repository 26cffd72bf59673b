"""A claim at the counter: who hands it in, what was bought, and which papers lie beside it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agency.fields import masked
from agency.models import PoolingRegion
from claims.models import Claim, ClaimLine, DocumentKind, SettlementChannel
from claims.services.documents import attach_document
from claims.services.new_claims import NewClaim
from claims.services.registration import enter_claim
from demo.office.house import Office
from demo.papers import Facts, draw
from demo.population.places import PLACES
from members.models import Member, Sex
from members.services.registrations import register_out_of_area
from policies.engine.vocabulary import AccountScheme, CatalogCategory, InsuredStatus, ItemKind, OutOfAreaKind
from providers.models import Provider, ProviderKind
from reimbursements.models import Reimbursement, ReimbursementKind
from reimbursements.selectors.papers import REQUIRED
from reimbursements.services.reimbursements import describe_reimbursement

_BANKS = ("中国工商银行", "中国农业银行", "中国建设银行", "中国邮政储蓄银行")
_BOUGHT = (
    ("降压药片", ItemKind.DRUG, "药品"),
    ("降糖药片", ItemKind.DRUG, "药品"),
    ("胸部摄片", ItemKind.TREATMENT, "检查"),
    ("腹部超声", ItemKind.TREATMENT, "检查"),
    ("血常规", ItemKind.TREATMENT, "检验"),
    ("医用敷料", ItemKind.CONSUMABLE, "材料"),
)
_CHEAPEST, _DEAREST = 15_000, 60_000
_SHOWN = {ItemKind.DRUG: "药品", ItemKind.TREATMENT: "诊疗", ItemKind.CONSUMABLE: "材料"}


@dataclass(frozen=True)
class Counter:
    """The counter of a region; the same region always has the same people in the same order."""

    office: Office
    region: PoolingRegion

    def people(self) -> Iterator[Member]:
        """Retired people who have handed nothing in yet, those first who have most of their benefit before them."""
        came = Claim.objects.filter(region=self.region, served_on__gte=self.office.calendar.last, member=OuterRef("pk"))
        by_hand = Claim.objects.filter(region=self.region, channel=SettlementChannel.MANUAL)
        retired = Member.objects.filter(
            region=self.region,
            died_on__isnull=True,
            enrollments__period__contains=self.office.calendar.months[0],
            enrollments__status=InsuredStatus.RETIRED,
            enrollments__scheme=AccountScheme.COMBINED,
        )
        counted = retired.exclude(pk__in=by_hand.values("member")).annotate(
            bills=Coalesce(Subquery(came.order_by().values("member").annotate(n=Count("pk")).values("n")), 0)
        )
        yield from counted.select_related("region").order_by("bills", "pk")

    def hospital(self, *, away: bool = False) -> Provider:
        """A designated hospital, here or elsewhere."""
        hospitals = Provider.objects.filter(
            region=self.region, kind=ProviderKind.MEDICAL_INSTITUTION, is_out_of_area=away
        )
        return hospitals.filter(agreements__is_designated=True).distinct().order_by("code")[0 if away else 3]

    def receive(
        self, member: Member, number: int, *, kind: ReimbursementKind, filed_on: date, with_papers: bool = True
    ) -> Reimbursement:
        """Take a claim in on a day, with its papers and the member's bank account. number: counts the claims."""
        office, rng = self.office, Random(f"{self.region.slug}:{number}")  # noqa: S311 - nothing secret is made here.
        away = kind == ReimbursementKind.OUT_OF_AREA
        served_on = filed_on - timedelta(days=rng.randint(2, 9))
        if away:
            register_out_of_area(
                member,
                kind=OutOfAreaKind.TEMPORARY,
                since=served_on - timedelta(days=3),
                until=office.today + timedelta(days=180),
                **office.by_clerk("本人申请临时外出就医，已核对身份证件"),
            )
        new = NewClaim(
            member=member,
            provider=self.hospital(away=away),
            claim_number=f"{self.region.admdvs}-L{filed_on:%y}-{number:04d}",
            served_on=served_on,
            filed_on=filed_on,
            out_of_area=OutOfAreaKind.TEMPORARY if away else "",
            invoice_number=f"{rng.randrange(10**8):08d}",
            lines=lines_of(f"{self.region.slug}:{number}"),
        )
        claim = enter_claim(new, today=filed_on, **office.by_clerk("窗口受理零星报销"))
        bank = f"{rng.choice(_BANKS)}{_town(self.region)}支行"
        # Invented, and nobody's: as many digits as a bank card has, with the member's row at the end.
        account = f"6200000{member.pk:012d}"
        reimbursement = describe_reimbursement(
            Reimbursement.objects.get(claim=claim),
            kind=kind,
            payee_name=member.name,
            payee_bank=bank,
            payee_account=account,
            **office.by_clerk("按收款账户确认单录入"),
        )
        if with_papers:
            self.attach(claim, kind, _facts(claim, new.lines, bank, account))
        return reimbursement

    def attach(self, claim: Claim, kind: ReimbursementKind, facts: Facts) -> None:
        """Keep the papers that a reimbursement of the kind needs."""
        for needed in REQUIRED[kind]:
            paper = draw(DocumentKind(needed), facts)
            content: Any = io.BytesIO(paper.content)
            attach_document(claim, kind=needed, content=content, name=paper.name, actor=self.office.clerk)


def lines_of(chance: str) -> list[ClaimLine]:
    """Two to four things that were bought, always the same by the same chance."""
    rng = Random(chance)  # noqa: S311 - nothing secret is made here.
    bought = rng.sample(_BOUGHT, rng.randint(2, 4))
    return [
        ClaimLine(
            kind=kind,
            category=CatalogCategory.A,
            amount=Decimal(rng.randrange(_CHEAPEST, _DEAREST, 10)) / 100,
            name=name,
            is_examination=shown in ("检查", "检验"),
        )
        for name, kind, shown in bought
    ]


def _town(region: PoolingRegion) -> str:
    return next(place.name for place in PLACES if place.slug == region.slug)


def _facts(claim: Claim, lines: Sequence[ClaimLine], bank: str, account: str) -> Facts:
    member = claim.member
    return Facts(
        place=_town(member.region),
        number=claim.claim_number,
        name=member.name,
        sex="男" if member.sex == Sex.MALE else "女",
        identity=member.masked_identity_number,
        member_number=member.member_number,
        provider=claim.provider.name,
        served_on=claim.served_on,
        invoice=claim.invoice_number,
        lines=[(line.name, _SHOWN[ItemKind(line.kind)], line.amount) for line in lines],
        bank=bank,
        account=masked(account, head=4, tail=4),
    )
