"""The claims' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page
from agency.models import Role

PAGES = (
    Page(
        CLAIMS,
        5,
        _("Trial calculation"),
        "calculate",
        "claims_claim_trial",
        "claims.try_claim",
        roles=(Role.CLERK,),
    ),
    Page(
        CLAIMS,
        10,
        _("Claims"),
        "receipt_long",
        "claims_claim_changelist",
        "claims.view_claim",
        roles=(Role.CLERK, Role.SUPERVISOR, Role.POLICY_OFFICER, Role.AUDITOR),
    ),
    Page(
        CLAIMS,
        50,
        _("Reversals"),
        "undo",
        "claims_reversal_changelist",
        "claims.view_reversal",
        roles=(Role.SUPERVISOR, Role.AUDITOR),
    ),
    Page(
        CLAIMS,
        55,
        _("Batches of re-settlements"),
        "published_with_changes",
        "claims_resettlementbatch_changelist",
        "claims.view_resettlementbatch",
        roles=(Role.POLICY_OFFICER,),
    ),
    Page(
        CLAIMS,
        56,
        _("Members' years of batches"),
        "calendar_month",
        "claims_batchyear_changelist",
        "claims.view_batchyear",
    ),
    Page(
        CLAIMS,
        60,
        _("Re-settlements"),
        "swap_horiz",
        "claims_resettlement_changelist",
        "claims.view_resettlement",
        roles=(Role.AUDITOR,),
    ),
)
