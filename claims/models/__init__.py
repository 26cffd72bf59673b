"""Claims, their lines, settlements and what they used up."""

from claims.models.claims import Claim, ClaimLine, ClaimState, SettlementChannel
from claims.models.documents import ClaimDocument, ContentType
from claims.models.payments import BatchState, ItemState, PaymentBatch, PaymentItem
from claims.models.reimbursements import (
    REIMBURSEMENT_CODES,
    DocumentKind,
    MissingPapers,
    Reimbursement,
    ReimbursementKind,
    ReimbursementState,
)
from claims.models.reversals import Reversal, ReversalState
from claims.models.settlements import BenefitUsage, Settlement, SettlementUsage

__all__ = [
    "REIMBURSEMENT_CODES",
    "BatchState",
    "BenefitUsage",
    "Claim",
    "ClaimDocument",
    "ClaimLine",
    "ClaimState",
    "ContentType",
    "DocumentKind",
    "ItemState",
    "MissingPapers",
    "PaymentBatch",
    "PaymentItem",
    "Reimbursement",
    "ReimbursementKind",
    "ReimbursementState",
    "Reversal",
    "ReversalState",
    "Settlement",
    "SettlementChannel",
    "SettlementUsage",
]
