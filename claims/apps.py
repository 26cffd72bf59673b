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
    "settledfile",
    "settledrecord",
    "resettlement",
    "providerstatement",
    "auditdeduction",
    "yearclearing",
    "reviewflag",
    "monitoringstandard",
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
            "add_settledfile",
            "change_settledrecord",
            "add_providerstatement",
            "add_auditdeduction",
            "change_auditdeduction",
            "add_yearclearing",
        ],
        "supervisor": [
            *_READ,
            "settle_claim",
            "approve_reversal",
            "override_claim",
            "approve_reimbursement",
            "approve_paymentbatch",
            "change_settledrecord",
            "approve_providerstatement",
            "approve_yearclearing",
            "decide_reviewflag",
            "change_monitoringstandard",
        ],
        "policy_officer": _READ,
        "finance": [
            *_READ,
            "add_paymentbatch",
            "change_paymentbatch",
            "approve_paymentbatch",
            "change_resettlement",
            "pay_providerstatement",
            "pay_yearclearing",
        ],
        "auditor": _READ,
    }
