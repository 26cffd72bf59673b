"""Claims brought to their outcome."""

from datetime import date
from typing import Any

from claims.models import Claim, Settlement
from claims.services.settlement import settle_claim
from members.models import Member
from policies.engine.outcome import Refusal
from reimbursements.services.reimbursements import decide_by_the_rules
from tests.builder.claims import a_claim
from tests.builder.reimbursements import submitted
from tests.builder.staff import REASON, pair


def outcome_of(claim: Claim, today: date | None = None) -> Settlement | Refusal:
    """Settle a direct claim on its day; a manual one goes from the clerk to the supervisor on that of filing."""
    if claim.filed_on is None:
        return settle_claim(claim, today=today or claim.served_on)
    _clerk, supervisor = pair(claim.member.region)
    return decide_by_the_rules(submitted(claim), today=today or claim.filed_on, actor=supervisor, reason=REASON)


def settled(member: Member, amount: str = "300.00", *, today: date | None = None, **overrides: Any) -> Settlement:
    """What comes of a claim that is paid."""
    outcome = outcome_of(a_claim(member, amount, **overrides), today)
    assert isinstance(outcome, Settlement), outcome
    return outcome


def refused(member: Member, amount: str = "300.00", **overrides: Any) -> Refusal:
    """What comes of a claim that is not paid."""
    outcome = outcome_of(a_claim(member, amount, **overrides))
    assert isinstance(outcome, Refusal), outcome
    return outcome
