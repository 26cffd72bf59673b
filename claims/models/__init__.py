"""Claims, their lines, settlements and what they used up."""

from claims.models.claims import Claim, ClaimLine, ClaimState, SettlementChannel
from claims.models.deductions import DEDUCTION_CODES, AuditDeduction, DeductionKind
from claims.models.documents import ClaimDocument, ContentType
from claims.models.monitoring import FlagKind, FlagState, MonitoringStandard, ReviewFlag
from claims.models.payments import BatchState, ItemState, PaymentBatch, PaymentItem
from claims.models.provider_payments import StatementState
from claims.models.reimbursements import (
    DocumentKind,
    MissingPapers,
    Reimbursement,
    ReimbursementKind,
    ReimbursementState,
)
from claims.models.resettlements import Resettlement
from claims.models.reversals import Reversal, ReversalState
from claims.models.settled_files import RecordState, SettledChunk, SettledFile, SettledRecord
from claims.models.settlements import BenefitUsage, Settlement, SettlementUsage
from claims.models.statements import ProviderStatement, StatementEntry, YearClearing

__all__ = [
    "DEDUCTION_CODES",
    "AuditDeduction",
    "BatchState",
    "BenefitUsage",
    "Claim",
    "ClaimDocument",
    "ClaimLine",
    "ClaimState",
    "ContentType",
    "DeductionKind",
    "DocumentKind",
    "FlagKind",
    "FlagState",
    "ItemState",
    "MissingPapers",
    "MonitoringStandard",
    "PaymentBatch",
    "PaymentItem",
    "ProviderStatement",
    "RecordState",
    "Reimbursement",
    "ReimbursementKind",
    "ReimbursementState",
    "Resettlement",
    "Reversal",
    "ReversalState",
    "ReviewFlag",
    "SettledChunk",
    "SettledFile",
    "SettledRecord",
    "Settlement",
    "SettlementChannel",
    "SettlementUsage",
    "StatementEntry",
    "StatementState",
    "YearClearing",
]
