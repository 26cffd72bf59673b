"""Pages of claims and reversals."""

from claims.admin import claims, reversals

__all__ = ["claims", "reversals"]
