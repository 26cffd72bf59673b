"""What a reimbursement is compared with, and which ones press."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from agency.models import User
from claims.models import Claim, Settlement
from claims.selectors.documents import standing_documents
from reimbursements.models import Reimbursement, ReimbursementState

# The office's time limit runs while it has the papers and has not decided.
UNDECIDED = (ReimbursementState.COMPLETE, ReimbursementState.SUBMITTED, ReimbursementState.RETURNED)


def submitted_content(reimbursement: Reimbursement, calculation: dict[str, Any]) -> dict[str, object]:
    """Everything a decision rests on: the claim, its lines and documents, the payee, the calculation."""
    claim = reimbursement.claim
    return {
        "claim": {
            field.attname: getattr(claim, field.attname)
            for field in Claim._meta.concrete_fields
            if field.name != "state" and not field.name.startswith("refusal_")
        },
        "lines": list(claim.lines.order_by("pk").values()),
        "documents": sorted(standing_documents(claim).values_list("kind", "digest")),
        "kind": reimbursement.kind,
        "accepted_without": reimbursement.accepted_without,
        "payee": [reimbursement.payee_name, reimbursement.payee_bank, reimbursement.payee_account],
        "calculation": calculation,
    }


@dataclass(frozen=True, slots=True)
class Move:
    """A submission, or what was decided on it, with the reason that was given."""

    state: ReimbursementState
    person: User | None
    at: datetime
    reason: str


def earlier_moves(reimbursement: Reimbursement) -> list[Move]:
    """Every return and refusal so far, the oldest first, and why it was submitted again after a refusal.

    The row itself keeps the last decision only, until it is submitted again.
    """
    moves: list[Move] = []
    states = (ReimbursementState.SUBMITTED, ReimbursementState.RETURNED, ReimbursementState.REFUSED)
    rows = reimbursement.history.filter(state__in=states).select_related("submitted_by", "decided_by")
    before: Any = None
    for row in rows.order_by("history_id"):
        if row.decided_at is not None and (before is None or row.decided_at != before.decided_at):
            moves.append(Move(ReimbursementState(row.state), row.decided_by, row.decided_at, row.decision_reason))
        elif before is not None and before.state == ReimbursementState.REFUSED and row.decided_at is None:
            reason = row.history_change_reason or ""
            moves.append(Move(ReimbursementState.SUBMITTED, row.submitted_by, row.submitted_at, reason))
        before = row
    return moves


def without_right_payee() -> Q:
    """Those whose money the bank could not pay, or cannot be asked to pay. Where nothing is owed no payee is needed."""
    standing = Settlement.objects.filter(claim=OuterRef("claim"), reverses__isnull=True, reversed_by__isnull=True)
    lacking = Q(payee_name="") | Q(payee_bank="") | Q(payee_account="")
    owed = Q(Exists(standing.filter(cash__lt=F("total"))))
    return Q(state=ReimbursementState.PAYMENT_FAILED) | Q(state=ReimbursementState.APPROVED) & lacking & owed
