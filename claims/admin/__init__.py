"""Pages of claims, their payment and reversals."""

from claims.admin import (
    claims,
    clearings,
    deductions,
    monitoring,
    monitoring_standards,
    payments,
    reimbursements,
    resettlements,
    reversals,
    settled_files,
    settled_records,
    statements,
)

__all__ = [
    "claims",
    "clearings",
    "deductions",
    "monitoring",
    "monitoring_standards",
    "payments",
    "reimbursements",
    "resettlements",
    "reversals",
    "settled_files",
    "settled_records",
    "statements",
]
