"""The law at work: changed rates, a draft that is being written, a version that is known late, local figures, a
corrected average pension, registrations.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction

from agency.models import PoolingRegion, Role, User
from claims.models import ResettlementBatch
from claims.services.resettlement_batches import draft_batch
from demo.office.cases import expect_what_is_meant
from demo.office.house import Office
from members.models import DiseaseRegistration, Member
from members.services.diseases import (
    approve_disease_registration,
    refuse_disease_registration,
    submit_disease_registration,
)
from policies.engine.vocabulary import Benefit, InsuredStatus
from policies.models import (
    AveragePension,
    FigureKind,
    LocalFigure,
    PensionState,
    PolicyVersion,
    ReimbursementRate,
    VersionState,
)
from policies.services.figures import approve_local_figure, propose_local_figure
from policies.services.pensions import submit_average_pension
from policies.services.rule_changes import change_rule
from policies.services.versions import draft_version, publish_version, submit_version

DRAFTED_IN, BEING_WRITTEN_IN, REGISTERED_IN, CORRECTED_IN = "kaifeng", "zaozhuang", "baoshan", "zaozhuang"
LATE_IN = "pingliang"
_MORE = Decimal("0.05")
# Its credits rest on this year's average since 2024.
_CORRECTED_YEAR, _CORRECTION = 2023, Decimal("36.50")
_HYPERTENSION, _DIABETES = "M03900", "M01600"


def change_the_law(office: Office) -> None:
    """Drafts and figures that wait for their second person."""
    region = office.regions[DRAFTED_IN]
    if not PolicyVersion.objects.filter(region=region, copied_from__isnull=False).exists():
        with transaction.atomic():
            _drafts(office)
    if not LocalFigure.objects.filter(region=region).exists():
        with transaction.atomic():
            _figures(office, region)
    _correct_a_pension(office, office.regions[CORRECTED_IN])


def _in_force(office: Office, region: PoolingRegion) -> PolicyVersion:
    return PolicyVersion.objects.get(region=region, state=VersionState.PUBLISHED, period__contains=office.today)


def _drafts(office: Office) -> None:
    next_year = date(office.today.year + 1, 1, 1)
    author = office.second(Role.POLICY_OFFICER)
    draft = draft_version(
        _in_force(office, office.regions[DRAFTED_IN]),
        label=f"{next_year.year}-01 提高待遇",
        first_day=next_year,
        last_day=None,
        actor=author,
        reason="拟自下一年度起提高退休人员门诊报销比例五个百分点",
    )
    _pay_retirees_more(draft, author)
    expect_what_is_meant(office, draft)
    submit_version(draft, actor=author)
    draft_version(
        _in_force(office, office.regions[BEING_WRITTEN_IN]),
        label=f"{next_year.year}-07 起付标准",
        first_day=next_year.replace(month=7),
        last_day=None,
        actor=office.first(Role.POLICY_OFFICER),
        reason="研究起付标准调整，尚在测算",
    )


def _pay_retirees_more(draft: PolicyVersion, author: User) -> None:
    rates = ReimbursementRate.objects.filter(
        version=draft, benefit=Benefit.GENERAL_OUTPATIENT, status=InsuredStatus.RETIRED, rate__isnull=False
    )
    for row in rates:
        change_rule(row, {"rate": min(row.rate or _MORE, 1 - _MORE) + _MORE}, actor=author, reason="退休人员比例上调")


def publish_late(office: Office) -> None:
    """A version that was published when its first month was over; what it concerns waits in a batch of the counter."""
    region, first_day = office.regions[LATE_IN], office.calendar.last
    if ResettlementBatch.objects.filter(region=region).exists():
        return
    author = office.second(Role.POLICY_OFFICER)
    with transaction.atomic():
        version = draft_version(
            _in_force(office, region),
            label=f"{first_day:%Y-%m} 追溯",
            first_day=first_day,
            last_day=None,
            actor=author,
            reason="市里文件自上月起执行，文件本月收到",
        )
        _pay_retirees_more(version, author)
        submit_version(version, actor=author)
        reason = "文件自上月起执行，已核对原文，追溯生效"
        publish_version(version, actor=office.first(Role.POLICY_OFFICER), today=office.today, reason=reason)
        draft_batch(version, **office.by_clerk("按新比例对上月以来已结算费用重新结算"))


def _figures(office: Office, region: PoolingRegion) -> None:
    """One figure that holds, one that is proposed."""
    known = {
        "first_day": date(office.calendar.last.year, 1, 1),
        "benefit": Benefit.CHRONIC_DISEASE,
        "document_number": "示例医保办〔示例〕21 号",
        "actor": office.second(Role.POLICY_OFFICER),
    }
    proposal = propose_local_figure(
        region,
        kind=FigureKind.DEDUCTIBLE,
        value=Decimal("300.00"),
        article="第三条",
        phrase="门诊慢特病年度起付标准为300元",
        reason="按市里配套文件录入慢特病起付标准",
        **known,  # type: ignore[arg-type]
    )
    approve_local_figure(proposal, actor=office.first(Role.POLICY_OFFICER), reason="与文件原文核对一致")
    propose_local_figure(
        region,
        kind=FigureKind.RATE,
        value=Decimal("0.7"),
        article="第四条",
        phrase="政策范围内费用支付比例为70%",
        reason="按市里配套文件录入慢特病支付比例",
        **known,  # type: ignore[arg-type]
    )


def _correct_a_pension(office: Office, region: PoolingRegion) -> None:
    """A final figure that was published anew waits for its second person; nothing where it does, or was decided."""
    pensions = AveragePension.objects.filter(region=region, year=_CORRECTED_YEAR)
    if pensions.count() > 1:
        return
    submit_average_pension(
        region,
        year=_CORRECTED_YEAR,
        monthly=pensions.get(state=PensionState.APPROVED).monthly + _CORRECTION,
        is_final=True,
        source="示例统计局更正公告〔示例〕3 号",
        today=office.today,
        actor=office.second(Role.POLICY_OFFICER),
        reason="统计部门发布更正公告，原公布数漏计部分人员",
    )


def register_diseases(office: Office) -> None:
    """Registrations that wait, one that holds, one that was refused."""
    region = office.regions[REGISTERED_IN]
    if DiseaseRegistration.objects.filter(member__region=region).exists():
        return
    members = Member.objects.filter(region=region, died_on__isnull=True).select_related("region").order_by("pk")[20:24]
    asked = (
        (_HYPERTENSION, "提交二级医院诊断证明与近三月用药记录"),
        (_DIABETES, "提交糖化血红蛋白检验单与诊断证明"),
        (_HYPERTENSION, "提交门诊病历两份，血压记录齐全"),
        (_DIABETES, "仅提交社区门诊病历一份"),
    )
    with transaction.atomic():
        registrations = [
            submit_disease_registration(
                member,
                code=code,
                benefit=Benefit.CHRONIC_DISEASE,
                since=office.calendar.last,
                **office.by_clerk(reason),
            )
            for member, (code, reason) in zip(members, asked, strict=True)
        ]
        approve_disease_registration(registrations[0], actor=office.supervisor, reason="符合认定标准，同意登记")
        reason = "缺少二级及以上医院的诊断证明，请补充后重新申请"
        refuse_disease_registration(registrations[3], actor=office.supervisor, reason=reason)
