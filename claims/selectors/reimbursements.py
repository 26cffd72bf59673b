"""What a reimbursement is compared with, and which ones press."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from claims.models import Claim, Reimbursement, ReimbursementState
from claims.selectors.documents import standing_documents

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


def overdue(today: date) -> QuerySet[Reimbursement]:
    """Reimbursements that should have been decided before today, the oldest first."""
    return Reimbursement.objects.filter(state__in=UNDECIDED, due_on__lt=today).order_by("due_on", "pk")
