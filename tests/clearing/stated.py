"""Providers of Pingliang with bills, and their statements moved on by those who may, for tests of what they are paid.

A retiree's outpatient bill at a primary provider is paid 70 % of what lies above the year's deductible of 200.00: of
1,000.00 that is 560.00, of 300.00 it is 70.00.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agency.models import User
from claims.models import Settlement
from claims.services.settlement import settle_claim
from clearing.models import DeductionKind, ProviderStatement
from clearing.services import statements as service
from clearing.services.clearings import draft_clearing
from clearing.services.deductions import note_deduction
from members.models import Member
from policies.engine.vocabulary import Tier
from providers.models import Provider
from providers.services import change_agreement
from providers.services.details import set_payee
from tests import house
from tests.claims.outpatient import a_claim, retiree

if TYPE_CHECKING:
    from tests.office import Office

MARCH, APRIL, MAY, JUNE, JULY = (date(2023, number, 1) for number in range(3, 8))
ACCOUNT = "6222021604001234567"
# A day on which every month here is over.
LATER = date(2023, 9, 4)


def somebody(name: str) -> User:
    """A colleague: "clerk" submits here, "supervisor" decides, "cashier" pays."""
    return User.objects.filter(username=name).first() or house.staff(name)


def a_provider(rate: str = "0.05", *, with_account: bool = True) -> Provider:
    """A primary institution of Pingliang of whose pooled payment a share is retained from 2023 on."""
    provider = house.a_provider(house.region("pingliang"))
    change_agreement(
        provider,
        tier=Tier.PRIMARY,
        first_day=date(2023, 1, 1),
        is_designated=True,
        retention_rate=Decimal(rate),
        reason=house.REASON,
    )
    if with_account:
        set_payee(provider, bank="工商银行平凉分行", account=ACCOUNT, reason=house.REASON)
    provider.refresh_from_db()
    return provider


def billed(
    provider: Provider, amount: str = "1000.00", on: date = date(2023, 3, 15), member: Member | None = None, **more: Any
) -> Settlement:
    """A retiree's bill, settled and posted on the day of the visit."""
    claim = a_claim(member or retiree(), amount, provider=provider, served_on=on, **more)
    found = settle_claim(claim, today=on)
    assert isinstance(found, Settlement), found
    return found


def drafted(provider: Provider, month: date = MARCH) -> ProviderStatement:
    """The month's statement, drafted by the clerk."""
    return service.draft_statement(provider, month=month, today=LATER, actor=somebody("clerk"))


def submitted(provider: Provider, month: date = MARCH) -> ProviderStatement:
    """The month's statement, submitted by the clerk."""
    return service.submit_statement(drafted(provider, month), actor=somebody("clerk"))


def approved(provider: Provider, month: date = MARCH) -> ProviderStatement:
    """The month's statement, approved by the supervisor."""
    return service.approve_statement(submitted(provider, month), today=LATER, actor=somebody("supervisor"))


def pay(statement: ProviderStatement, **overrides: Any) -> ProviderStatement:
    """The cashier notes the transfer, unless said otherwise."""
    facts: dict[str, Any] = {"paid_on": LATER, "today": LATER, "bank_reference": "ICBC1", "actor": somebody("cashier")}
    return service.pay_statement(statement, **(facts | overrides))


def figures(statement: ProviderStatement) -> dict[str, str]:
    """The figures that are not nought, as they are written."""
    names = ("total", "pooled", "account", "spent", "deducted", "retained", "carried", "payable")
    return {name: str(value) for name in names if (value := getattr(statement, name))}


def settle_with_providers(office: "Office") -> None:
    """The hospital's statement of April, approved, with a deduction; the draft of the year's clearing."""
    provider = office.objs["provider_zaozhuang"]
    clerk, supervisor = office.staff["clerk"], office.staff["supervisor"]
    set_payee(provider, bank="工商银行枣庄分行", account=ACCOUNT, actor=clerk, reason=house.REASON)
    office.objs["audit_deduction"] = note_deduction(
        provider,
        kind=DeductionKind.INSPECTION,
        amount=Decimal("5.00"),
        finding="超标准收费",
        found_on=date(2024, 4, 12),
        today=date(2024, 4, 12),
        actor=office.staff["auditor"],
    )
    month = date(2024, 4, 1)
    drafted_one = service.draft_statement(provider, month=month, today=date(2024, 5, 6), actor=clerk)
    statement = service.submit_statement(drafted_one, actor=clerk)
    office.objs["statement"] = service.approve_statement(statement, today=date(2024, 5, 7), actor=supervisor)
    office.objs["clearing"] = draft_clearing(
        provider, year=2024, kept=Decimal("0.00"), assessment="", today=date(2025, 1, 10), actor=clerk
    )
