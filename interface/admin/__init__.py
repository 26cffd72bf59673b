"""Pages of the providers' interface."""

from interface.admin import credentials, messages

__all__ = ["credentials", "messages"]
