"""Personal accounts: the ledger and the monthly credit runs."""

from accounts.models.family import AccountClosing, DecisionState, FamilyUseAuthorization
from accounts.models.ledger import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.models.runs import (
    ChunkState,
    CreditChunk,
    CreditDifference,
    CreditException,
    CreditMark,
    CreditRun,
    CreditRunMonth,
    RunState,
)

__all__ = [
    "AccountClosing",
    "AccountKind",
    "AccountState",
    "ChunkState",
    "CreditChunk",
    "CreditDifference",
    "CreditException",
    "CreditMark",
    "CreditRun",
    "CreditRunMonth",
    "DecisionState",
    "EntryKind",
    "FamilyUseAuthorization",
    "LedgerAccount",
    "LedgerEntry",
    "RunState",
]
