"""The claims' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page

PAGES = (
    Page(CLAIMS, 10, _("Claims"), "receipt_long", "claims_claim_changelist", "claims.view_claim"),
    Page(CLAIMS, 50, _("Reversals"), "undo", "claims_reversal_changelist", "claims.view_reversal"),
    Page(CLAIMS, 60, _("Re-settlements"), "swap_horiz", "claims_resettlement_changelist", "claims.view_resettlement"),
)
