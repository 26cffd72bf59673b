"""The pages of manual reimbursement in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page

PAGES = (
    Page(
        CLAIMS,
        20,
        _("Manual reimbursements"),
        "request_quote",
        "reimbursements_reimbursement_changelist",
        "reimbursements.view_reimbursement",
    ),
    Page(
        CLAIMS,
        70,
        _("Payment batches"),
        "payments",
        "reimbursements_paymentbatch_changelist",
        "reimbursements.view_paymentbatch",
    ),
)
