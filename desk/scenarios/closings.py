"""Steps that close an account, or take back what it paid, and what they recover and pay out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import AccountClosing
from accounts.services.closing import approve_closing, submit_closing
from agency.exceptions import DomainError
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from desk.scenarios import step_format as f
from desk.scenarios.people import REASON

if TYPE_CHECKING:
    from desk.scenarios.replay import Story

ZERO = Decimal("0.00")


def reverse(story: "Story", step: f.ReverseStep) -> dict[str, Any]:
    """Take back what stands of a claim, settled anew or not; asked for and approved.

    Says what went to whoever got a closed account's balance.
    """
    first = story.settlements.get(step.claim)
    standing = Settlement.objects.filter(
        claim=first.claim if first else None, reverses__isnull=True, reversed_by__isnull=True
    )
    settlement = standing.first()
    if settlement is None:
        raise DomainError(f"nothing stands of the claim {step.claim}")
    reversal = request_reversal(settlement, actor=story.maker, reason=REASON)
    approve_reversal(reversal, actor=story.checker, today=step.on or settlement.settled_on)
    return paid_out_by(AccountClosing.objects.filter(cause=f"reversal:{reversal.pk}"))


def close(story: "Story", step: f.CloseStep) -> dict[str, Any]:
    """Close the account, submitted and approved by two people."""
    story.member.refresh_from_db()
    closing = submit_closing(story.member, closing_reason=step.reason, on=step.on, actor=story.maker, reason=REASON)
    approve_closing(closing, today=step.on, actor=story.checker)
    return paid_out_by([closing])


def paid_out_by(closings: Iterable[AccountClosing]) -> dict[str, Any]:
    """What they paid out and what they recovered first, in all."""
    rows = AccountClosing.objects.filter(pk__in=[each.pk for each in closings])
    return {
        "paid_out": sum((each.amount or ZERO for each in rows), ZERO),
        "recovered": sum((each.taken or ZERO for row in rows for each in row.set_off.all()), ZERO),
    }
