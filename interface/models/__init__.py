"""Keys, the messages that were signed with them, the visits that they are about, and both sides' books compared."""

from interface.models.credentials import ProviderCredential
from interface.models.messages import Message, MessageState, RecalledMessage
from interface.models.reconciliation import Reconciliation, ReconciliationRow, RowKind
from interface.models.visits import FeeDetail, Visit, VisitClaim

__all__ = [
    "FeeDetail",
    "Message",
    "MessageState",
    "ProviderCredential",
    "RecalledMessage",
    "Reconciliation",
    "ReconciliationRow",
    "RowKind",
    "Visit",
    "VisitClaim",
]
