"""Claims, their lines, settlements and what they used up."""

from claims.models.claims import Claim, ClaimLine, ClaimState, SettlementChannel
from claims.models.reversals import Reversal, ReversalState
from claims.models.settlements import BenefitUsage, Settlement, SettlementUsage

__all__ = [
    "BenefitUsage",
    "Claim",
    "ClaimLine",
    "ClaimState",
    "Reversal",
    "ReversalState",
    "Settlement",
    "SettlementChannel",
    "SettlementUsage",
]
