"""Providers of Pingliang with bills, and their statements moved on: "clerk" submits here, "supervisor" decides,
"cashier" pays.

A retiree's outpatient bill at a primary provider is paid 70 % of what lies above the year's deductible of 200.00: of
1,000.00 that is 560.00, of 300.00 it is 70.00.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from claims.models import Settlement
from claims.services.settlement import settle_claim
from clearing.models import AuditDeduction, DeductionKind, ProviderStatement, YearClearing
from clearing.services import clearings, statements
from clearing.services.deductions import note_deduction
from members.models import Member
from policies.engine.vocabulary import Tier
from providers.models import Provider
from providers.services import change_agreement
from providers.services.details import set_payee
from tests.builder import providers
from tests.builder.claims import a_claim
from tests.builder.people import region, retiree
from tests.builder.staff import REASON, somebody

MARCH, APRIL, MAY, JUNE, JULY = (date(2023, number, 1) for number in range(3, 8))
ACCOUNT = "6222021604001234567"
# A day on which every month here is over.
LATER = date(2023, 9, 4)
NEW_YEAR = date(2024, 1, 15)


def a_provider(rate: str = "0.05", *, with_account: bool = True) -> Provider:
    """A primary institution of Pingliang of whose pooled payment a share is retained from 2023 on."""
    provider = providers.a_provider(region("pingliang"))
    change_agreement(
        provider,
        tier=Tier.PRIMARY,
        first_day=date(2023, 1, 1),
        is_designated=True,
        retention_rate=Decimal(rate),
        reason=REASON,
    )
    if with_account:
        set_payee(provider, bank="工商银行平凉分行", account=ACCOUNT, reason=REASON)
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
    return statements.draft_statement(provider, month=month, today=LATER, actor=somebody("clerk"))


def submitted(provider: Provider, month: date = MARCH) -> ProviderStatement:
    """The month's statement, submitted by the clerk."""
    return statements.submit_statement(drafted(provider, month), actor=somebody("clerk"))


def approved(provider: Provider, month: date = MARCH) -> ProviderStatement:
    """The month's statement, approved by the supervisor."""
    return statements.approve_statement(submitted(provider, month), today=LATER, actor=somebody("supervisor"))


def pay(statement: ProviderStatement, **overrides: Any) -> ProviderStatement:
    """The cashier notes the transfer, unless said otherwise."""
    facts: dict[str, Any] = {"paid_on": LATER, "today": LATER, "bank_reference": "ICBC1", "actor": somebody("cashier")}
    return statements.pay_statement(statement, **(facts | overrides))


def figures(statement: ProviderStatement) -> dict[str, str]:
    """The figures that are not nought, as they are written."""
    names = ("total", "pooled", "account", "spent", "deducted", "retained", "carried", "payable")
    return {name: str(value) for name in names if (value := getattr(statement, name))}


def noted(provider: Provider, amount: str = "20.00", **overrides: Any) -> AuditDeduction:
    """Found by an inspection at the end of March, unless said otherwise."""
    facts: dict[str, Any] = {
        "kind": DeductionKind.INSPECTION,
        "amount": Decimal(amount),
        "finding": "超标准收费",
        "found_on": date(2023, 3, 31),
        "today": LATER,
        "actor": somebody("auditor"),
    }
    return note_deduction(provider, **(facts | overrides))


def a_year() -> Provider:
    """March: 560.00, of which 28.00 are retained and 20.00 deducted, and 512.00 paid. April: 70.00, of which 3.50 are
    retained; approved and not paid.
    """
    provider = a_provider()
    billed(provider)
    noted(provider)
    pay(approved(provider))
    billed(provider, "300.00", date(2023, 4, 3))
    approved(provider, APRIL)
    return provider


def a_draft(provider: Provider, kept: str = "10.00", **overrides: Any) -> YearClearing:
    """The clearing of 2023, drafted by the clerk, of which the fund keeps so much."""
    facts: dict[str, Any] = {
        "year": 2023,
        "kept": Decimal(kept),
        "assessment": "年度考核88分",
        "today": NEW_YEAR,
        "actor": somebody("clerk"),
    }
    return clearings.draft_clearing(provider, **(facts | overrides))


def a_submitted(provider: Provider, kept: str = "10.00") -> YearClearing:
    """The same, submitted by the clerk."""
    return clearings.submit_clearing(a_draft(provider, kept), actor=somebody("clerk"))


def an_approved(provider: Provider, kept: str = "10.00") -> YearClearing:
    """The same, approved by the supervisor."""
    return clearings.approve_clearing(a_submitted(provider, kept), today=NEW_YEAR, actor=somebody("supervisor"))


def pay_clearing(clearing: YearClearing, **overrides: Any) -> YearClearing:
    facts: dict[str, Any] = {
        "paid_on": NEW_YEAR,
        "today": NEW_YEAR,
        "bank_reference": "ICBC2",
        "actor": somebody("cashier"),
    }
    return clearings.pay_clearing(clearing, **(facts | overrides))
