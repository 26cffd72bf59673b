"""Taking a settlement back: by whom, when, and what it gives back."""

from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from agency.exceptions import DomainError
from claims.models import BenefitUsage, Claim, ClaimState
from claims.services.reversal import approve_reversal, request_reversal
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import balances, give
from tests.builder.claims import DAY
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db


def test_a_reversal_gives_back_deductible_ceiling_and_money() -> None:
    member = retiree()
    account = give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    maker, checker = builder.staff("maker"), builder.staff("checker")
    counter = approve_reversal(
        request_reversal(settlement, actor=maker, reason="wrong member"), actor=checker, today=DAY
    )
    account.refresh_from_db()
    assert account.balance == Decimal("100.00")
    usage = BenefitUsage.objects.get()
    assert (usage.deductible, usage.covered, usage.paid, usage.counted) == (0, 0, 0, 0)
    assert (counter.reverses, counter.pooled, counter.settled_by) == (settlement, settlement.pooled, checker)
    assert balances(member.region) == 0
    settlement.claim.refresh_from_db()
    assert settlement.claim.state == ClaimState.REVERSED
    again = settled(member)
    assert again.deductible == Decimal("200.00")


def test_a_reversal_is_asked_for_once_needs_a_reason_and_is_not_reversed_itself() -> None:
    maker, checker = builder.staff("maker"), builder.staff("checker")
    settlement = settled(retiree())
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=maker, reason=" ")
    reversal = request_reversal(settlement, actor=maker, reason="wrong member")
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=checker, reason="wrong member")
    counter = approve_reversal(reversal, actor=checker, today=DAY)
    with pytest.raises(DomainError):
        request_reversal(counter, actor=maker, reason="wrong member")


@pytest.mark.parametrize(
    "change",
    [
        {"state": ClaimState.REGISTERED},
        {"state": ClaimState.REFUSED},
        {"claim_number": "C9999"},
        {"state": ClaimState.SETTLED, "invoice_number": "another"},
        {"state": ClaimState.SETTLED, "refusal_phrase": "another"},
    ],
)
def test_a_reversed_claim_is_settled_again_as_it_is_or_stays(change: dict[str, str]) -> None:
    settlement = settled(retiree())
    asked = request_reversal(settlement, actor=builder.staff("maker"), reason="wrong member")
    approve_reversal(asked, actor=builder.staff("checker"), today=DAY)
    with pytest.raises(ProgrammingError, match="changes by its own moves alone"), transaction.atomic():
        Claim.objects.filter(pk=settlement.claim_id).update(**change)
