"""Taking a settlement back: by whom, when, and what it gives back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from claims.models import BenefitUsage, ClaimState, Reversal, ReversalState
from claims.services.reversal import approve_reversal, refuse_reversal, request_reversal
from tests import house
from tests.claims.outpatient import DAY, balances, give, retiree, settled

pytestmark = pytest.mark.django_db


def test_a_reversal_gives_back_deductible_ceiling_and_money() -> None:
    member = retiree()
    account = give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    maker, checker = house.staff("maker"), house.staff("checker")
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


Decide = Callable[[Reversal, Any], object]
DECISIONS: dict[str, Decide] = {
    "approve": lambda reversal, actor: approve_reversal(reversal, actor=actor, today=DAY),
    "refuse": lambda reversal, actor: refuse_reversal(reversal, actor=actor, reason="it was right"),
}


@pytest.mark.parametrize("move", DECISIONS)
@pytest.mark.parametrize("state", ReversalState.values)
@pytest.mark.parametrize("same", [True, False], ids=["maker", "other"])
def test_who_may_decide_a_reversal_in_which_state(state: str, move: str, same: bool) -> None:
    maker, checker = house.staff("maker"), house.staff("checker")
    reversal = request_reversal(settled(retiree()), actor=maker, reason="wrong member")
    if state != ReversalState.SUBMITTED:
        DECISIONS["approve" if state == ReversalState.APPROVED else "refuse"](reversal, checker)
    actor = maker if same else checker
    if state != ReversalState.SUBMITTED:
        with pytest.raises(MoveNotAllowed):
            DECISIONS[move](reversal, actor)
    elif same:
        with pytest.raises(SamePersonDecides):
            DECISIONS[move](reversal, actor)
    else:
        DECISIONS[move](reversal, actor)
        reversal.refresh_from_db()
        assert reversal.decided_by == checker


def test_a_reversal_is_asked_for_once_needs_a_reason_and_is_not_reversed_itself() -> None:
    maker, checker = house.staff("maker"), house.staff("checker")
    settlement = settled(retiree())
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=maker, reason=" ")
    reversal = request_reversal(settlement, actor=maker, reason="wrong member")
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=checker, reason="wrong member")
    counter = approve_reversal(reversal, actor=checker, today=DAY)
    with pytest.raises(DomainError):
        request_reversal(counter, actor=maker, reason="wrong member")
