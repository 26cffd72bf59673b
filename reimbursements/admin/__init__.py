"""Pages of manual reimbursements and payment batches."""

from reimbursements.admin import payments, reimbursements

__all__ = ["payments", "reimbursements"]
