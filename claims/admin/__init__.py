"""Pages of claims, their settlements and reversals, and of what is settled anew."""

from claims.admin import claims, resettlement_batches, resettlements, reversals

__all__ = ["claims", "resettlement_batches", "resettlements", "reversals"]
