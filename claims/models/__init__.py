"""Claims, their lines and papers, settlements and what they used up, reversals and what these settled anew."""

from claims.models.claims import LINE_FIELDS, Claim, ClaimLine, ClaimState, SettlementChannel
from claims.models.documents import ClaimDocument, DocumentKind
from claims.models.resettlements import Resettlement
from claims.models.reversals import Reversal, ReversalState
from claims.models.settlements import BenefitUsage, Settlement, SettlementUsage

__all__ = [
    "LINE_FIELDS",
    "BenefitUsage",
    "Claim",
    "ClaimDocument",
    "ClaimLine",
    "ClaimState",
    "DocumentKind",
    "Resettlement",
    "Reversal",
    "ReversalState",
    "Settlement",
    "SettlementChannel",
    "SettlementUsage",
]
