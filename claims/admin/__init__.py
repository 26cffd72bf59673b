"""Pages of claims, their payment and reversals."""

from claims.admin import claims, payments, reimbursements, reversals

__all__ = ["claims", "payments", "reimbursements", "reversals"]
