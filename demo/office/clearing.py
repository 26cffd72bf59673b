"""What is settled with providers: statements of two months, an audit's deduction, and the year that is over."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from agency.models import PoolingRegion, Role
from claims.models import Settlement
from clearing.models import DeductionKind, ProviderStatement, StatementState, YearClearing
from clearing.services.clearings import approve_clearing, draft_clearing, submit_clearing
from clearing.services.deductions import note_deduction
from clearing.services.statements import approve_statement, draft_statements, pay_statement, submit_statement
from demo.office.house import Office

SETTLED_IN = "kaifeng"
_AFTER_DAYS = 8
_SUBMITTED, _LEFT_TO_PAY = 4, 2


def settle_with_providers(office: Office) -> None:
    """The December's statements are paid, a later month's approved, the last one's lie with the supervisor."""
    region, calendar = office.regions[SETTLED_IN], office.calendar
    if ProviderStatement.objects.filter(provider__region=region).exists():
        return
    with transaction.atomic():
        for month in calendar.served[:-1]:
            _deduct(office, region, month)
            _paid(office, region, month, keeps=_LEFT_TO_PAY if month == calendar.months[-2] else 0)
        _last_month(office, region)
        _clear_the_year(office, region)


def _after(office: Office, month: date) -> date:
    return min(office.calendar.end_of(month) + timedelta(days=_AFTER_DAYS), office.today)


def _deduct(office: Office, region: PoolingRegion, month: date) -> None:
    """An audit's finding about the dearest claim of a month."""
    day = office.calendar.end_of(month)
    paid = Settlement.objects.filter(
        claim__region=region, claim__served_on__range=(month, day), claim__filed_on__isnull=True, pooled__gt=30
    )
    dearest = paid.filter(reverses__isnull=True).order_by("-pooled", "pk").select_related("claim__provider")[0]
    note_deduction(
        dearest.claim.provider,
        claim=dearest.claim,
        kind=DeductionKind.REVIEW,
        amount=Decimal("26.40"),
        finding="病历未见相应检查报告，该项检查费用不予支付",
        found_on=day,
        today=_after(office, month),
        actor=office.clerk,
    )


def _paid(office: Office, region: PoolingRegion, month: date, *, keeps: int) -> None:
    """Draft, approve and pay a month's statements; so many are left for finance to pay."""
    day = _after(office, month)
    approved = [_approved(office, each, day) for each in _drafted(office, region, month, day)]
    for statement in approved[keeps:]:
        if statement.payable > 0:
            pay_statement(
                statement,
                paid_on=day,
                today=day,
                bank_reference=f"HK{day:%Y%m%d}{statement.pk:06d}",
                actor=office.first(Role.FINANCE),
            )


def _drafted(office: Office, region: PoolingRegion, month: date, day: date) -> list[ProviderStatement]:
    return draft_statements(region, month=month, today=day, actor=office.clerk).statements


def _approved(office: Office, statement: ProviderStatement, day: date) -> ProviderStatement:
    submitted = submit_statement(statement, actor=office.clerk)
    return approve_statement(submitted, today=day, actor=office.supervisor, reason="与记账明细核对一致，同意拨付")


def _last_month(office: Office, region: PoolingRegion) -> None:
    """Drafts of the last month, some of them with the supervisor. Where it ends the year, the year's are approved."""
    month, day = office.calendar.last, office.today
    drafted = _drafted(office, region, month, day)
    if month == office.calendar.december:
        retained = [each for each in drafted if each.retained]
        for statement in retained:
            _approved(office, statement, day)
        drafted = [each for each in drafted if not each.retained]
    for statement in drafted[:_SUBMITTED]:
        submit_statement(statement, actor=office.clerk)


def _clear_the_year(office: Office, region: PoolingRegion) -> None:
    """One clearing that finance pays, one that the supervisor decides."""
    year = office.calendar.december.year
    statements = ProviderStatement.objects.filter(
        provider__region=region,
        month__year=year,
        retained__gt=0,
        state__in=(StatementState.APPROVED, StatementState.PAID),
    )
    outcomes = (
        (Decimal("0.00"), "年度考核 96 分，等次优秀，质量保证金全额返还"),
        (Decimal("5.00"), "年度考核 84 分，病历书写扣分，按协议扣减部分质量保证金"),
    )
    for number, (statement, (kept, assessment)) in enumerate(zip(statements.order_by("pk"), outcomes, strict=False)):
        draft: YearClearing = draft_clearing(
            statement.provider,
            year=year,
            kept=min(kept, statement.retained),
            assessment=assessment,
            today=office.today,
            actor=office.clerk,
        )
        submitted = submit_clearing(draft, actor=office.clerk)
        if number == 0:
            approve_clearing(submitted, today=office.today, actor=office.supervisor, reason="考核结果已公示，同意")
