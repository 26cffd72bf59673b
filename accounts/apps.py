"""Personal accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = ["ledgeraccount", "ledgerentry", "creditrun", "creditchunk", "creditexception", "creditdifference"]
_READ = [f"view_{table}" for table in _TABLES]


class AccountsConfig(AppConfig):
    """The ledger, the monthly credit runs, spending."""

    name = "accounts"
    verbose_name = _("Personal accounts")

    role_permissions = {
        "clerk": [*_READ, "add_creditrun", "change_creditrun", "spend_account"],
        "supervisor": [*_READ, "approve_creditrun", "spend_account"],
        "policy_officer": _READ,
        "finance": [*_READ, "add_creditrun", "change_creditrun", "approve_creditrun"],
        "auditor": _READ,
    }
