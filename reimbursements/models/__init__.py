"""Manual reimbursements, the papers that members were told to bring, and payment batches."""

from reimbursements.models.payments import BatchState, ItemState, PaymentBatch, PaymentItem
from reimbursements.models.reimbursements import (
    MissingPapers,
    Reimbursement,
    ReimbursementKind,
    ReimbursementState,
)

__all__ = [
    "BatchState",
    "ItemState",
    "MissingPapers",
    "PaymentBatch",
    "PaymentItem",
    "Reimbursement",
    "ReimbursementKind",
    "ReimbursementState",
]
