"""Credentials, the messages that came with them, and the visits that they are about."""

from interface.models.credentials import ProviderCredential
from interface.models.messages import Message, MessageState, RecalledMessage
from interface.models.visits import FeeDetail, Visit, VisitClaim

__all__ = ["FeeDetail", "Message", "MessageState", "ProviderCredential", "RecalledMessage", "Visit", "VisitClaim"]
