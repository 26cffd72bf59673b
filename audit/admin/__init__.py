"""Pages of the audit log."""

from audit.admin import accesses

__all__ = ["accesses"]
