"""What providers' systems send live."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_message", "view_reconciliation", "view_reconciliationrow"]
_DECIDE = [*_READ, "change_reconciliationrow"]


class InterfaceConfig(AppConfig):
    """Messages of providers' systems, the keys they are signed with, and the visits they settle at the counter."""

    name = "interface"
    verbose_name = _("Providers' interface")

    room_above_claims = "interface.on_claims.LiveVisits"

    addresses = {"api/providers/": "interface.urls"}

    navigation = ("interface.admin.navigation.PAGES",)
    worklist = ("interface.admin.worklist.QUEUES",)
    page_panels = {"clearing.providerstatement": ["interface.admin.on_statements.ReconciledPanel"]}

    role_permissions = {
        "clerk": _DECIDE,
        "supervisor": _DECIDE,
        "policy_officer": _READ,
        "finance": _READ,
        "auditor": [*_READ, "view_providercredential"],
        "system_administrator": [
            "view_providercredential",
            "add_providercredential",
            "change_providercredential",
        ],
    }
