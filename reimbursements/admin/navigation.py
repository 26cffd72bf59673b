"""The pages of manual reimbursement in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page
from agency.models import Role

PAGES = (
    Page(
        CLAIMS,
        20,
        _("Manual reimbursements"),
        "request_quote",
        "reimbursements_reimbursement_changelist",
        "reimbursements.view_reimbursement",
        roles=(Role.CLERK, Role.SUPERVISOR),
    ),
    Page(
        CLAIMS,
        70,
        _("Payment batches"),
        "payments",
        "reimbursements_paymentbatch_changelist",
        "reimbursements.view_paymentbatch",
        roles=(Role.FINANCE,),
    ),
)
