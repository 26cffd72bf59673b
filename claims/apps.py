"""Claims and their settlements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_claim", "view_claimline", "view_settlement", "view_benefitusage", "view_reversal"]


class ClaimsConfig(AppConfig):
    """Claims, adjudicated settlements, reversals."""

    name = "claims"
    verbose_name = _("Claims")

    import_resources = {"claims": "claims.resources.ClaimResource"}

    role_permissions = {
        "clerk": [*_READ, "add_claim", "change_claim", "settle_claim", "add_reversal"],
        "supervisor": [*_READ, "settle_claim", "approve_reversal", "override_claim"],
        "policy_officer": _READ,
        "finance": _READ,
        "auditor": _READ,
    }
