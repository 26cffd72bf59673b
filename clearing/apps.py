"""Settling with providers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "settledfile",
    "settledrecord",
    "providerstatement",
    "auditdeduction",
    "yearclearing",
]
_READ = [f"view_{table}" for table in _TABLES]


class ClearingConfig(AppConfig):
    """Providers' files, what is compared with them, statements, deductions, clearings, payments."""

    name = "clearing"
    verbose_name = _("Settling with providers")

    room_above_claims = "clearing.on_claims.Clearing"

    navigation = ("clearing.admin.navigation.PAGES",)
    worklist = ("clearing.admin.worklist.QUEUES",)
    books_checks = ("clearing.selectors.books.STATEMENT_CHECKS",)
    schedule = ("clearing.tasks.SCHEDULE",)
    import_resources = {"direct_settlements": "clearing.resources.DirectSettlements"}
    job_kinds = {"settled_file": _("file of direct settlements")}
    job_results = {
        "settled": _("settled"),
        "differences": _("rows that differ"),
        "wrong": _("wrong records"),
        "known": _("recorded before"),
        "registered": _("still registered"),
    }

    role_permissions = {
        "clerk": [
            *_READ,
            "add_settledfile",
            "change_settledrecord",
            "add_providerstatement",
            "add_auditdeduction",
            "change_auditdeduction",
            "add_yearclearing",
        ],
        "supervisor": [
            *_READ,
            "change_settledrecord",
            "approve_providerstatement",
            "approve_yearclearing",
        ],
        "policy_officer": _READ,
        "finance": [
            *_READ,
            "pay_providerstatement",
            "pay_yearclearing",
        ],
        "auditor": _READ,
    }
