"""Files of direct settlements, and what the agency and a provider settle with each other."""

from clearing.models.deductions import DEDUCTION_CODES, AuditDeduction, DeductionKind
from clearing.models.provider_payments import StatementState
from clearing.models.settled_files import RecordState, SettledChunk, SettledFile, SettledRecord
from clearing.models.statements import ProviderStatement, StatementEntry, YearClearing

__all__ = [
    "DEDUCTION_CODES",
    "AuditDeduction",
    "DeductionKind",
    "ProviderStatement",
    "RecordState",
    "SettledChunk",
    "SettledFile",
    "SettledRecord",
    "StatementEntry",
    "StatementState",
    "YearClearing",
]
