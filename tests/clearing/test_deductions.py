"""What audits take off: by how much, when it is taken, and until when it can be withdrawn."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from claims.services.reversal import approve_reversal, refuse_reversal, request_reversal
from clearing.models import AuditDeduction, DeductionKind
from clearing.services import statements as service
from clearing.services.deductions import give_back_deduction, withdraw_deduction
from tests import builder
from tests.builder import retiree, somebody
from tests.builder.claims import a_claim
from tests.builder.clearing import (
    APRIL,
    LATER,
    MAY,
    a_provider,
    approved,
    billed,
    drafted,
    figures,
    noted,
    pay,
    submitted,
)
from tests.builder.damage import differing, rewrite
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db


def test_a_deduction_is_taken_off_and_returns_to_the_fund_once() -> None:
    """70.00 less 3.50 retained and 20.00 deducted; 46.50 are paid."""
    provider = a_provider()
    billed(provider, "300.00")
    deduction = noted(provider)
    statement = submitted(provider)
    assert figures(statement) | {"total": ""} == {
        "total": "",
        "pooled": "70.00",
        "deducted": "20.00",
        "retained": "3.50",
        "payable": "46.50",
    }
    assert not LedgerEntry.objects.filter(kind=EntryKind.DEDUCTION).exists()
    service.approve_statement(statement, today=date(2023, 4, 20), actor=somebody("supervisor"))
    entry = LedgerEntry.objects.get(key=f"deduction:{deduction.pk}")
    assert (entry.kind, entry.amount, entry.debit.kind, entry.credit.kind, entry.provider, entry.cause) == (
        EntryKind.DEDUCTION,
        Decimal("20.00"),
        AccountKind.PROVIDER_PAYABLE,
        AccountKind.POOLED_FUND,
        provider,
        f"statement:{statement.pk}",
    )
    pay(statement)
    # Neither the deduction nor the payment, both posted in April or later, is settled again.
    billed(provider, "300.00", MAY)
    later = drafted(provider, MAY)
    assert figures(later)["payable"] == "66.50"
    assert later.entries.count() == 1


def test_a_deduction_waits_for_the_month_it_was_found_in() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    deduction = noted(provider, found_on=APRIL)
    assert "deducted" not in figures(approved(provider))
    assert figures(drafted(provider, APRIL)) == {"deducted": "20.00", "payable": "-20.00"}
    deduction.refresh_from_db()
    assert deduction.statement is not None
    assert deduction.statement.month == APRIL


def test_drafting_anew_takes_a_deduction_noted_since() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    statement = drafted(provider)
    noted(provider)
    again = service.redraft_statement(statement, actor=somebody("clerk"))
    assert (again.deducted, again.payable) == (Decimal("20.00"), Decimal("46.50"))


def test_on_a_claim_at_most_what_the_funds_paid_is_deducted() -> None:
    """70.00 of 300.00: 50.00 and 20.00 are all of it; a withdrawn one makes room again."""
    provider = a_provider()
    claim = billed(provider, "300.00").claim
    first = noted(provider, "50.00", claim=claim, kind=DeductionKind.REVIEW)
    noted(provider, "20.00", claim=claim)
    with pytest.raises(DomainError) as refused:
        noted(provider, "0.01", claim=claim)
    assert refused.value.details["field"] == "amount"
    withdraw_deduction(first, actor=somebody("auditor"), reason="the bill was right")
    assert noted(provider, "0.01", claim=claim).claim == claim


def test_only_a_settled_claim_of_the_provider_bears_a_deduction() -> None:
    provider = a_provider()
    theirs = billed(a_provider(), "300.00").claim
    unsettled = a_claim(retiree(), "300.00", provider=provider)
    by_hand = a_claim(retiree(), "300.00", provider=provider, filed_on=date(2023, 3, 20))
    outcome_of(by_hand, today=date(2023, 3, 21))
    for claim in (theirs, unsettled, by_hand):
        with pytest.raises(DomainError) as refused:
            noted(provider, claim=claim)
        assert refused.value.details["field"] == "claim"
    assert not AuditDeduction.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"finding": " "}, "finding"),
        ({"found_on": date(2023, 9, 5)}, "found_on"),
    ],
)
def test_a_deduction_says_what_was_found_and_when(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        noted(a_provider(), **wrong)
    assert refused.value.details["field"] == field


@pytest.mark.parametrize("with_claim", [True, False])
def test_the_same_is_noted_once_until_it_is_withdrawn(with_claim: bool) -> None:
    provider = a_provider()
    claim = billed(provider, "300.00").claim if with_claim else None
    first = noted(provider, "5.00", claim=claim)
    with pytest.raises(DomainError) as refused:
        noted(provider, "5.00", claim=claim)
    assert refused.value.details["field"] == "finding"
    noted(provider, "5.00", claim=claim, finding="重复收费")
    withdraw_deduction(first, actor=somebody("auditor"), reason="the bill was right")
    noted(provider, "5.00", claim=claim)
    assert AuditDeduction.objects.count() == 3


def test_withdrawn_from_a_draft_it_is_drafted_anew() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    deduction, kept = noted(provider), noted(provider, "5.00")
    statement = drafted(provider)
    assert statement.deducted == Decimal("25.00")
    with pytest.raises(DomainError):
        withdraw_deduction(deduction, actor=somebody("auditor"), reason=" ")
    withdraw_deduction(deduction, actor=somebody("auditor"), reason="the bill was right")
    statement.refresh_from_db()
    assert (statement.deducted, statement.payable) == (Decimal("5.00"), Decimal("61.50"))
    assert statement.deductions.get() == kept
    with pytest.raises(MoveNotAllowed):
        withdraw_deduction(deduction, actor=somebody("auditor"), reason="again")


def test_what_a_submitted_statement_holds_is_not_withdrawn() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    deduction = noted(provider)
    statement = submitted(provider)
    with pytest.raises(MoveNotAllowed):
        withdraw_deduction(deduction, actor=somebody("auditor"), reason="the bill was right")
    service.return_statement(statement, actor=somebody("supervisor"), reason="a deduction was wrong")
    withdraw_deduction(deduction, actor=somebody("auditor"), reason="the bill was right")
    approved_one = service.approve_statement(
        service.submit_statement(statement, actor=somebody("clerk")), today=LATER, actor=somebody("supervisor")
    )
    assert approved_one.payable == Decimal("66.50")


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"finding": ""}, {"withdrawn_reason": "wrong"}], ids="-".join)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    deduction = noted(provider)
    drafted(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(AuditDeduction.objects.filter(pk=deduction.pk), **wrong)


def test_a_deduction_is_one_providers() -> None:
    provider, other = a_provider(), a_provider()
    for each in (provider, other):
        billed(each, "300.00")
    noted(other)
    assert "deducted" not in figures(drafted(provider))
    assert builder.region("pingliang").providers.filter(deductions__isnull=False).get() == other


def test_a_claim_is_not_taken_back_while_an_audit_deducts_it() -> None:
    """Both would take the same money from the provider."""
    provider = a_provider()
    settlement = billed(provider, "300.00")
    asked = request_reversal(settlement, actor=somebody("clerk"), reason="wrong member")
    deduction = noted(provider, claim=settlement.claim)
    with pytest.raises(DomainError):
        approve_reversal(asked, actor=somebody("supervisor"), today=LATER)
    refuse_reversal(asked, actor=somebody("supervisor"), reason="an audit deducts it")
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=somebody("clerk"), reason="wrong member")
    withdraw_deduction(deduction, actor=somebody("auditor"), reason="the claim is taken back instead")
    asked = request_reversal(settlement, actor=somebody("clerk"), reason="wrong member")
    assert approve_reversal(asked, actor=somebody("supervisor"), today=LATER).reverses == settlement


# --- Given back ---


def given_back(deduction: AuditDeduction, **overrides: Any) -> AuditDeduction:
    """By the auditor in April, unless said otherwise."""
    facts: dict[str, Any] = {"today": date(2023, 4, 20), "actor": somebody("auditor"), "reason": "the bill was right"}
    return give_back_deduction(deduction, **(facts | overrides))


def test_the_next_statement_gives_a_deduction_back_from_the_fund() -> None:
    """March was paid 46.50; April gives the 20.00 back, and its claim can be taken back."""
    provider = a_provider()
    settlement = billed(provider, "300.00")
    deduction = noted(provider, claim=settlement.claim)
    pay(approved(provider))
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=somebody("clerk"), reason="wrong member")
    back = given_back(deduction)
    assert not LedgerEntry.objects.filter(key=f"deduction:{back.pk}").exists()
    april = approved(provider, APRIL)
    assert figures(april) == {"deducted": "-20.00", "payable": "20.00"}
    entry = LedgerEntry.objects.get(key=f"deduction:{back.pk}")
    assert (entry.kind, entry.amount, entry.debit.kind, entry.credit.kind, entry.provider) == (
        EntryKind.DEDUCTION,
        Decimal("20.00"),
        AccountKind.POOLED_FUND,
        AccountKind.PROVIDER_PAYABLE,
        provider,
    )
    pay(april)
    assert differing(provider.region) == {}
    asked = request_reversal(settlement, actor=somebody("clerk"), reason="wrong member")
    assert approve_reversal(asked, actor=somebody("supervisor"), today=LATER).reverses == settlement


def test_a_deduction_is_given_back_once_and_after_its_approval() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    deduction = noted(provider)
    with pytest.raises(MoveNotAllowed):
        given_back(deduction)
    statement = submitted(provider)
    with pytest.raises(MoveNotAllowed):
        given_back(deduction)
    service.approve_statement(statement, today=LATER, actor=somebody("supervisor"))
    with pytest.raises(DomainError):
        given_back(deduction, reason=" ")
    back = given_back(deduction)
    for again in (deduction, back):
        with pytest.raises(MoveNotAllowed):
            given_back(again)
    withdraw_deduction(back, actor=somebody("auditor"), reason="it was wrong after all")
    given_back(deduction)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(AuditDeduction.objects.filter(pk=back.pk), withdrawn_reason="")


def test_what_is_given_back_makes_room_for_another_deduction_and_is_withdrawn_only_while_there_is_room() -> None:
    """70.00 were paid for the claim."""
    provider = a_provider()
    claim = billed(provider, "300.00").claim
    first = noted(provider, "60.00", claim=claim)
    approved(provider)
    with pytest.raises(DomainError):
        noted(provider, "20.00", claim=claim)
    back = given_back(first)
    noted(provider, "20.00", claim=claim)
    with pytest.raises(DomainError):
        withdraw_deduction(back, actor=somebody("auditor"), reason="it was right")
