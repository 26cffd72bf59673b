"""Pages of claims, their settlements and reversals."""

from claims.admin import claims, resettlements, reversals

__all__ = ["claims", "resettlements", "reversals"]
