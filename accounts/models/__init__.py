"""Personal accounts: the ledger and the monthly credit runs."""

from accounts.models.differences import OPEN_DIFFERENCES, CreditDifference, DifferenceState, Remedy
from accounts.models.family import AccountClosing, DecisionState, EvidenceKind, FamilyUseAuthorization
from accounts.models.interest import InterestState, YearlyInterest
from accounts.models.ledger import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.models.requests import AccountRequest, RequestKind
from accounts.models.runs import (
    CheckedCredit,
    ChunkState,
    CreditChunk,
    CreditException,
    CreditMark,
    CreditRun,
    CreditRunMonth,
    RunState,
)

__all__ = [
    "OPEN_DIFFERENCES",
    "AccountClosing",
    "AccountKind",
    "AccountRequest",
    "AccountState",
    "CheckedCredit",
    "ChunkState",
    "CreditChunk",
    "CreditDifference",
    "CreditException",
    "CreditMark",
    "CreditRun",
    "CreditRunMonth",
    "DecisionState",
    "DifferenceState",
    "EntryKind",
    "EvidenceKind",
    "FamilyUseAuthorization",
    "InterestState",
    "LedgerAccount",
    "LedgerEntry",
    "Remedy",
    "RequestKind",
    "RunState",
    "YearlyInterest",
]
