"""Claims and their settlements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "claim",
    "claimline",
    "settlement",
    "benefitusage",
    "reversal",
    "claimdocument",
    "resettlement",
    "resettlementbatch",
    "batchyear",
]
_READ = [f"view_{table}" for table in _TABLES]


class ClaimsConfig(AppConfig):
    """Claims, adjudicated settlements, reversals. Rooms above do their part where `claims.rooms_above` says."""

    name = "claims"
    verbose_name = _("Claims")

    import_resources = {
        "claims": "claims.resources.ClaimResource",
        "claim_corrections": "claims.resources.ClaimCorrectionResource",
    }

    navigation = ("claims.admin.navigation.PAGES",)
    searches = ("claims.admin.search.SEARCHES",)
    worklist = ("claims.admin.worklist.QUEUES",)
    alerts = ("claims.admin.alerts.WATCHES",)
    monthly_reports = ("claims.admin.monthly.TABLES",)
    built_upon = ("claims.selectors.built_upon.BUILT_UPON",)
    books_checks = ("claims.selectors.books.CLAIM_CHECKS",)
    law_effects = ("claims.admin.on_versions.EFFECTS",)
    law_warnings = ("claims.selectors.law_warnings.LAW_WARNINGS",)
    upload_pages = {"admin:claims_claim_attach_document": "document"}
    job_kinds = {
        "settle_claims": _("settlement of the registered claims"),
        "plan_resettlements": _("calculation of a batch of re-settlements"),
        "settle_anew": _("settling a batch of re-settlements anew"),
    }
    job_results = {
        "settled": _("settled"),
        "refused": _("refused"),
        "left_registered": _("still registered"),
        "otherwise": _("comes out otherwise"),
        "same": _("comes out the same"),
        "faulty": _("cannot be calculated"),
        "skipped": _("not settled anew"),
    }
    page_timelines = {"members.member": ["claims.admin.timeline.claim_events"]}
    page_cards = {"members.member": ["claims.admin.overview.standing_cards", "claims.admin.overview.claim_cards"]}
    page_panels = {
        "members.member": ["claims.admin.on_members.ClaimsPanel", "claims.admin.on_members.UsagePanel"],
        "policies.policyversion": ["claims.admin.on_versions.FormerLawPanel"],
    }
    page_buttons = {
        "members.member": ["claims.admin.on_members.new_claim", "claims.admin.on_members.try_visit"],
        "policies.policyversion": ["claims.admin.on_versions.settle_anew"],
    }

    role_permissions = {
        "clerk": [
            *_READ,
            "add_claim",
            "change_claim",
            "settle_claim",
            "try_claim",
            "add_reversal",
            "add_resettlementbatch",
            "change_resettlementbatch",
            "add_claimdocument",
            "change_claimdocument",
        ],
        "supervisor": [
            *_READ,
            "settle_claim",
            "try_claim",
            "approve_reversal",
            "approve_resettlementbatch",
            "override_claim",
        ],
        "policy_officer": [*_READ, "try_claim"],
        "finance": [
            *_READ,
            "change_resettlement",
        ],
        "auditor": _READ,
    }
