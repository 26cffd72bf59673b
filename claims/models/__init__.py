"""Claims, lines, papers, settlements and what they used up, reversals, batches, and what these settled anew."""

from claims.models.claims import LINE_FIELDS, Claim, ClaimLine, ClaimState, SettlementChannel
from claims.models.documents import ClaimDocument, DocumentKind
from claims.models.resettlement_batches import BatchState, BatchYear, ResettlementBatch, YearState
from claims.models.resettlements import Resettlement
from claims.models.reversals import Reversal, ReversalState
from claims.models.settlements import BenefitUsage, Settlement, SettlementUsage

__all__ = [
    "LINE_FIELDS",
    "BatchState",
    "BatchYear",
    "BenefitUsage",
    "Claim",
    "ClaimDocument",
    "ClaimLine",
    "ClaimState",
    "DocumentKind",
    "Resettlement",
    "ResettlementBatch",
    "Reversal",
    "ReversalState",
    "Settlement",
    "SettlementChannel",
    "SettlementUsage",
    "YearState",
]
