"""Pages of personal accounts: the ledger, the monthly credit runs."""

from accounts.admin import ledger, runs

__all__ = ["ledger", "runs"]
