"""The pages of the providers' interface in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, OFFICE, Page
from agency.models import Role

PAGES = (
    Page(CLAIMS, 45, _("Providers' messages"), "forum", "interface_message_changelist", "interface.view_message"),
    Page(
        CLAIMS,
        46,
        _("Reconciliations"),
        "balance",
        "interface_reconciliation_changelist",
        "interface.view_reconciliation",
    ),
    Page(
        CLAIMS,
        47,
        _("Differences of reconciliations"),
        "rule",
        "interface_reconciliationrow_changelist",
        "interface.view_reconciliationrow",
    ),
    Page(
        OFFICE,
        60,
        _("Providers' keys"),
        "key",
        "interface_providercredential_changelist",
        "interface.view_providercredential",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
)
