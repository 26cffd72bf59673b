"""Claims and their settlements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "claim",
    "claimline",
    "settlement",
    "benefitusage",
    "reversal",
    "reimbursement",
    "missingpapers",
    "claimdocument",
    "paymentbatch",
    "paymentitem",
]
_READ = [f"view_{table}" for table in _TABLES]


class ClaimsConfig(AppConfig):
    """Claims, adjudicated settlements, reversals."""

    name = "claims"
    verbose_name = _("Claims")

    import_resources = {"claims": "claims.resources.ClaimResource"}

    role_permissions = {
        "clerk": [
            *_READ,
            "add_claim",
            "change_claim",
            "settle_claim",
            "add_reversal",
            "add_reimbursement",
            "change_reimbursement",
            "add_claimdocument",
            "change_claimdocument",
        ],
        "supervisor": [
            *_READ,
            "settle_claim",
            "approve_reversal",
            "override_claim",
            "approve_reimbursement",
            "approve_paymentbatch",
        ],
        "policy_officer": _READ,
        "finance": [*_READ, "add_paymentbatch", "change_paymentbatch", "approve_paymentbatch"],
        "auditor": _READ,
    }
