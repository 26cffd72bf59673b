"""Pages of the providers' interface."""

from interface.admin import credentials, messages, reconciliation

__all__ = ["credentials", "messages", "reconciliation"]
