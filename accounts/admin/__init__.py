"""Pages of personal accounts: the ledger, the monthly credit runs, family use, requests, closings, interest."""

from accounts.admin import account_requests, closings, family, interest, ledger, runs

__all__ = ["account_requests", "closings", "family", "interest", "ledger", "runs"]
