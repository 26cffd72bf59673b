"""Pages of personal accounts: the ledger, the monthly credit runs, family use, closings."""

from accounts.admin import closings, family, ledger, runs

__all__ = ["closings", "family", "ledger", "runs"]
