"""Personal accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "ledgeraccount",
    "ledgerentry",
    "creditrun",
    "creditchunk",
    "creditexception",
    "creditdifference",
    "familyuseauthorization",
    "accountclosing",
    "accountrequest",
    "yearlyinterest",
]
_READ = [f"view_{table}" for table in _TABLES]


class AccountsConfig(AppConfig):
    """The ledger, the monthly credit runs, spending."""

    name = "accounts"
    verbose_name = _("Personal accounts")

    navigation = ("accounts.admin.navigation.PAGES",)
    worklist = ("accounts.admin.worklist.QUEUES",)
    built_upon = ("accounts.selectors.built_upon.BUILT_UPON",)
    law_effects = ("accounts.admin.on_versions.EFFECTS",)
    monthly_reports = ("accounts.admin.monthly.TABLES",)
    books_checks = ("accounts.selectors.books.ACCOUNT_CHECKS",)
    backup_facts = ("accounts.selectors.backup_facts.FACTS",)
    schedule = ("accounts.tasks.SCHEDULE",)
    job_kinds = {
        "credit_run": _("credit run"),
        "credit_run_check": _("check of a credit run"),
        "credit_run_draft": _("draft of a credit run"),
        "yearly_interest": _("yearly interest"),
    }
    job_results = {
        "entries": _("entries posted"),
        "amount": _("yuan posted"),
        "exceptions": _("members not creditable"),
    }
    page_timelines = {"members.member": ["accounts.admin.timeline.account_events"]}
    page_cards = {"members.member": ["accounts.admin.overview.account_cards"]}
    page_panels = {
        "members.member": ["accounts.admin.on_members.AccountPanel", "accounts.admin.on_members.FamilyPanel"],
        "policies.averagepension": ["accounts.admin.pension_effects.PensionEffectsPanel"],
    }
    page_buttons = {"members.member": ["accounts.admin.on_members.BUTTONS"]}

    role_permissions = {
        "clerk": [
            *_READ,
            "add_creditrun",
            "change_creditrun",
            "spend_account",
            "add_familyuseauthorization",
            "change_familyuseauthorization",
            "add_accountclosing",
            "add_accountrequest",
            "change_creditdifference",
        ],
        "supervisor": [
            *_READ,
            "approve_creditrun",
            "spend_account",
            "approve_familyuseauthorization",
            "approve_accountclosing",
            "approve_accountrequest",
            "approve_creditdifference",
            "approve_yearlyinterest",
        ],
        "policy_officer": _READ,
        "finance": [
            *_READ,
            "add_creditrun",
            "change_creditrun",
            "approve_creditrun",
            "change_creditdifference",
            "approve_creditdifference",
            "add_yearlyinterest",
            "approve_yearlyinterest",
        ],
        "auditor": _READ,
    }
