"""Manual reimbursement (零星报销)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "reimbursement",
    "missingpapers",
    "paymentbatch",
    "paymentitem",
]
_READ = [f"view_{table}" for table in _TABLES]


class ReimbursementsConfig(AppConfig):
    """From the papers at the counter to the bank's answer, and what members pay back."""

    name = "reimbursements"
    verbose_name = _("Manual reimbursements")

    room_above_claims = "reimbursements.on_claims.Reimbursements"
    page_timelines = {"members.member": ["reimbursements.admin.timeline.reimbursement_events"]}
    page_buttons = {
        "claims.claim": [
            "reimbursements.admin.claim_buttons.begin_reimbursement",
            "reimbursements.admin.claim_buttons.accept_late",
        ],
        "claims.resettlement": ["reimbursements.admin.recoveries.recover"],
    }
    page_filters = {"claims.resettlement": ["reimbursements.admin.recoveries.OpenFilter"]}

    navigation = ("reimbursements.admin.navigation.PAGES",)
    worklist = ("reimbursements.admin.worklist.QUEUES",)
    books_checks = ("reimbursements.selectors.books.PAYOUT_CHECKS",)
    import_resources = {"bank_answers": "reimbursements.resources.BankAnswerResource"}

    role_permissions = {
        "clerk": [*_READ, "add_reimbursement", "change_reimbursement"],
        "supervisor": [*_READ, "approve_reimbursement", "approve_paymentbatch"],
        "policy_officer": _READ,
        "finance": [*_READ, "add_paymentbatch", "change_paymentbatch", "approve_paymentbatch"],
        "auditor": _READ,
    }
