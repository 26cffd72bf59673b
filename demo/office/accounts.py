"""Personal accounts: family use, requests, closings, interest, and what was credited too much."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import (
    AccountKind,
    CreditDifference,
    DifferenceState,
    EntryKind,
    EvidenceKind,
    FamilyUseAuthorization,
    LedgerEntry,
    Remedy,
    YearlyInterest,
)
from accounts.services.account_requests import approve_account_request, submit_freeze, submit_refund, submit_transfer_in
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.differences import submit_remedy
from accounts.services.family import approve_authorization, refuse_authorization, submit_authorization
from accounts.services.interest import submit_interest
from agency.models import PoolingRegion, Role
from agency.services.regions import switch_account_interest
from demo.office.house import Office
from members.models import Member
from policies.engine.vocabulary import ClosingReason, Relationship

ASKED_IN, BEARS_INTEREST = "kaifeng", "dazhou"
_RATE = Decimal("0.0035")


def look_after_accounts(office: Office) -> None:
    """What members have asked for, and what others wait to decide."""
    region = office.regions[ASKED_IN]
    if not FamilyUseAuthorization.objects.filter(holder__region=region).exists():
        with transaction.atomic():
            holders = _holders(region)
            _family(office, holders[:4], holders[4:8])
            _requests(office, region, holders[8:11])
            _closings(office, region, holders[11:13])
            _too_much(office, region)
    bears = office.regions[BEARS_INTEREST]
    if not YearlyInterest.objects.filter(region=bears).exists():
        with transaction.atomic():
            _interest(office, bears)


def _holders(region: PoolingRegion) -> list[Member]:
    """People with a good balance, but not the fullest, from which somebody pays day after day."""
    living = Member.objects.filter(region=region, died_on__isnull=True, account__kind=AccountKind.PERSONAL)
    return list(living.select_related("region").order_by("-account__balance", "pk")[10:30])


def _family(office: Office, holders: list[Member], relatives: list[Member]) -> None:
    asked = (
        (Relationship.SPOUSE, EvidenceKind.MARRIAGE_CERTIFICATE, "结婚证 J410200-2009-000318"),
        (Relationship.PARENT, EvidenceKind.HOUSEHOLD_REGISTER, "户口簿 第 0271 号，户主页与本人页"),
        (Relationship.CHILD, EvidenceKind.BIRTH_CERTIFICATE, "出生医学证明 S410200771"),
        (Relationship.PARENT, EvidenceKind.OTHER, "居委会开具的亲属关系说明"),
    )
    authorizations = [
        submit_authorization(
            holder,
            relative,
            relationship=relationship,
            evidence_kind=evidence_kind,
            evidence=evidence,
            since=office.calendar.last,
            **office.by_clerk("本人到窗口申请家庭共济，身份证件已核对"),
        )
        for holder, relative, (relationship, evidence_kind, evidence) in zip(holders, relatives, asked, strict=True)
    ]
    approve_authorization(authorizations[0], actor=office.supervisor, reason="证件齐全，同意共济")
    reason = "亲属关系说明不属于规定的证明材料，请提供户口簿或公证书"
    refuse_authorization(authorizations[3], actor=office.supervisor, reason=reason)


def _requests(office: Office, region: PoolingRegion, members: list[Member]) -> None:
    day = office.today - timedelta(days=2)
    frozen = submit_freeze(
        members[0],
        on=day,
        document="挂失登记表（窗口第 12 号）",
        **office.by_clerk("本人申报社保卡遗失，申请暂停账户支付"),
    )
    approve_account_request(frozen, today=day, actor=office.supervisor, reason="已核对本人身份，同意冻结")
    submit_freeze(
        members[1],
        on=office.today,
        document="协助冻结通知书 〔示例〕18 号",
        **office.by_clerk("按协助通知冻结个人账户"),
    )
    submit_transfer_in(
        members[2],
        amount=Decimal("1264.37"),
        other_agency="示例市医疗保险服务中心",
        on=day,
        document="医疗保险关系转移接续联系函 2043",
        **office.by_clerk("转入余额已到账，申请计入个人账户"),
    )
    entry = LedgerEntry.objects.filter(region=region, kind=EntryKind.SPENDING).latest("pk")
    submit_refund(
        entry,
        on=office.today,
        document="药店退货单 T-0091",
        **office.by_clerk("血压计质量问题退货，申请退回个人账户"),
    )


def _closings(office: Office, region: PoolingRegion, members: list[Member]) -> None:
    dead = Member.objects.filter(region=region, died_on__isnull=False).select_related("region").order_by("pk")
    submit_closing(
        dead[0],
        closing_reason=ClosingReason.DEATH,
        on=office.today,
        payee="法定继承人（配偶）",
        **office.by_clerk("家属提交死亡证明与继承公证书，申请余额继承"),
    )
    leaving = submit_closing(
        members[0],
        closing_reason=ClosingReason.TRANSFER_OUT,
        on=office.today - timedelta(days=1),
        payee="示例市医疗保险服务中心",
        **office.by_clerk("参保关系转出，申请划转个人账户余额"),
    )
    reason = "转移接续联系函已核对，同意划转"
    approve_closing(leaving, today=office.today, actor=office.supervisor, reason=reason)
    submit_closing(
        members[1],
        closing_reason=ClosingReason.TRANSFER_OUT,
        on=office.today,
        payee="示例省本级医保中心",
        **office.by_clerk("参保关系转出，等待复核"),
    )


def _too_much(office: Office, region: PoolingRegion) -> None:
    """Ask that one of the credits since a death be recovered; the others are listed."""
    listed = CreditDifference.objects.filter(member__region=region, state=DifferenceState.LISTED).order_by("-pk")
    submit_remedy(
        listed[0],
        remedy=Remedy.RECOVER,
        actor=office.first(Role.FINANCE),
        reason="死亡次月起多划入的金额，从账户余额中收回",
    )


def _interest(office: Office, region: PoolingRegion) -> None:
    switched = switch_account_interest(
        region, pays=True, actor=office.first(Role.POLICY_OFFICER), reason="本市规定个人账户余额按年计息"
    )
    submit_interest(
        switched,
        year=office.calendar.december.year,
        rate=_RATE,
        source="示例医保办〔示例〕6 号，按活期存款利率计息",
        today=office.today,
        actor=office.second(Role.FINANCE),
        reason="年度利息测算完毕，提交复核",
    )
