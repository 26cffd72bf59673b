"""A provider's year: what its statements come to, and what becomes of the retention."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.exceptions import DomainError, SubmissionVoided
from clearing.models import YearClearing
from clearing.services import clearings as service
from clearing.services.statements import approve_statement, submit_statement
from providers.services.details import set_payee
from tests.builder import somebody
from tests.builder.clearing import (
    MARCH,
    NEW_YEAR,
    a_draft,
    a_provider,
    a_year,
    an_approved,
    billed,
    drafted,
    pay_clearing,
    submitted,
)
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db


def test_a_years_retention_is_kept_in_part_and_released_in_part() -> None:
    """28.00 + 3.50 were retained; 10.00 are kept and 21.50 released."""
    provider = a_year()
    clearing = pay_clearing(an_approved(provider))
    assert (clearing.pooled, clearing.deducted, clearing.paid) == (
        Decimal("630.00"),
        Decimal("20.00"),
        Decimal("512.00"),
    )
    assert (clearing.retained, clearing.kept, clearing.released) == (
        Decimal("31.50"),
        Decimal("10.00"),
        Decimal("21.50"),
    )
    cause = f"clearing:{clearing.pk}"
    moved = {
        entry.key: (entry.kind, str(entry.amount), entry.debit.kind, entry.credit.kind, entry.provider)
        for entry in LedgerEntry.objects.filter(cause=cause)
    }
    payable = AccountKind.PROVIDER_PAYABLE
    assert moved == {
        f"{cause}:kept": (EntryKind.DEDUCTION, "10.00", payable, AccountKind.POOLED_FUND, provider),
        cause: (EntryKind.PROVIDER_PAYMENT, "21.50", payable, AccountKind.BANK, provider),
    }
    # 630.00 were credited; 20.00 + 10.00 went back, 512.00 + 21.50 were paid; April's 66.50 are still due.
    book = LedgerEntry.objects.filter(provider=provider)
    left = sum(each.amount if each.credit.kind == payable else -each.amount for each in book)
    assert left == Decimal("66.50")


def test_where_nothing_is_released_approval_is_the_end() -> None:
    clearing = an_approved(a_year(), "31.50")
    assert clearing.released == 0
    with pytest.raises(DomainError):
        pay_clearing(clearing)


def test_where_nothing_is_kept_nothing_returns_to_the_fund() -> None:
    clearing = an_approved(a_year(), "0.00")
    assert not LedgerEntry.objects.filter(cause=f"clearing:{clearing.pk}").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kept": "31.51"}, "kept"),
        ({"kept": "-0.01"}, "kept"),
        ({"assessment": " "}, "assessment"),
        ({"today": date(2023, 12, 31)}, "year"),
        ({"year": 2022}, "year"),
    ],
    ids=["too much", "less than nothing", "no reason", "not over", "no statement"],
)
def test_what_cannot_be_cleared_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        a_draft(a_year(), **wrong)
    assert refused.value.details["field"] == field


def test_a_year_is_cleared_once_all_of_it_is_approved() -> None:
    provider = a_provider()
    billed(provider)
    with pytest.raises(DomainError):
        a_draft(provider, "0.00")
    statement = submitted(provider)
    with pytest.raises(DomainError):
        a_draft(provider, "0.00")
    approve_statement(statement, today=NEW_YEAR, actor=somebody("supervisor"))
    billed(provider, "300.00", date(2023, 5, 3))
    with pytest.raises(DomainError):
        a_draft(provider, "0.00")
    may = drafted(provider, date(2023, 5, 1))
    approve_statement(submit_statement(may, actor=somebody("clerk")), today=NEW_YEAR, actor=somebody("supervisor"))
    assert a_draft(provider, "0.00").retained == Decimal("31.50")
    with pytest.raises(DomainError):
        a_draft(provider, "0.00")


def test_a_cleared_year_has_no_further_statement() -> None:
    provider = a_year()
    a_draft(provider)
    billed(provider, "300.00", date(2023, 5, 3))
    with pytest.raises(DomainError) as refused:
        drafted(provider, date(2023, 5, 1))
    assert refused.value.details["field"] == "month"


def test_a_draft_is_changed() -> None:
    clearing = a_draft(a_year())
    changed = service.change_clearing(
        clearing, kept=Decimal("1.50"), assessment="年度考核95分", actor=somebody("clerk")
    )
    assert (changed.kept, changed.released, changed.assessment) == (Decimal("1.50"), Decimal("30.00"), "年度考核95分")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"paid_on": date(2023, 12, 31)}, "paid_on"),
        ({"paid_on": date(2024, 1, 16)}, "paid_on"),
        ({"paid_on": date(2024, 1, 14)}, "paid_on"),
        ({"bank_reference": ""}, "bank_reference"),
    ],
)
def test_a_payment_is_noted_with_its_day_and_reference(wrong: dict[str, Any], field: str) -> None:
    clearing = an_approved(a_year())
    with pytest.raises(DomainError) as refused:
        pay_clearing(clearing, **wrong)
    assert refused.value.details["field"] == field


def test_another_bank_account_is_confirmed_before_the_clearing_is_paid() -> None:
    clearing = an_approved(a_year())
    provider = clearing.provider
    set_payee(provider, bank="建设银行", account="6217000000000000001", actor=somebody("cashier"), reason="moved")
    with pytest.raises(SubmissionVoided):
        pay_clearing(clearing)
    service.confirm_clearing_payee(
        clearing, account="6217000000000000001", actor=somebody("supervisor"), reason="letter of the provider"
    )
    assert pay_clearing(clearing).payee_account == "6217000000000000001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept": Decimal("11.00")},
        {"kept": Decimal("-1.00"), "released": Decimal("32.50")},
        {"assessment": ""},
        {"state": "approved"},
        {"year": 2022, "released": Decimal("22.50")},
    ],
    ids="-".join,
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    clearing = a_draft(a_year())
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(YearClearing.objects.filter(pk=clearing.pk), **wrong)


def test_a_provider_is_cleared_once_a_year() -> None:
    clearing = a_draft(a_year())
    with pytest.raises(IntegrityError), transaction.atomic():
        YearClearing.objects.create(provider=clearing.provider, year=2023)
    assert clearing.provider.statements.filter(month=MARCH).exists()
