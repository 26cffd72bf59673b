"""The claims' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page

PAGES = (
    Page(CLAIMS, 10, _("Claims"), "receipt_long", "claims_claim_changelist", "claims.view_claim"),
    Page(CLAIMS, 50, _("Reversals"), "undo", "claims_reversal_changelist", "claims.view_reversal"),
    Page(
        CLAIMS,
        55,
        _("Batches of re-settlements"),
        "published_with_changes",
        "claims_resettlementbatch_changelist",
        "claims.view_resettlementbatch",
    ),
    Page(
        CLAIMS,
        56,
        _("Members' years of batches"),
        "calendar_month",
        "claims_batchyear_changelist",
        "claims.view_batchyear",
    ),
    Page(CLAIMS, 60, _("Re-settlements"), "swap_horiz", "claims_resettlement_changelist", "claims.view_resettlement"),
)
