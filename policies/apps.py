"""The law of the regions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Beside the rules themselves: what everybody reads, and what a policy officer changes.
_READ = ("instrument", "article", "disease", "lawchange")
_CHANGED = ("policyversion", "averagepension", "localfigure")


class PoliciesConfig(AppConfig):
    """Versions of the rules, the engine that applies them, average pensions."""

    name = "policies"
    verbose_name = _("Policies")

    import_resources = {"average_pensions": "policies.resources.AveragePensionResource"}

    upload_pages = {
        "admin:policies_instrument_add": "document",
        "admin:policies_policyversion_from_pack": "table",
    }
    searches = ("policies.admin.search.SEARCHES",)
    navigation = ("policies.admin.navigation.PAGES",)
    worklist = ("policies.admin.worklist.QUEUES",)
    law_warnings = ("policies.selectors.periods.LAW_WARNINGS",)
    alerts = ("policies.admin.alerts.WATCHES",)
    page_panels = {"agency.poolingregion": ["policies.admin.law_in_time.LawInTimePanel"]}

    @property
    def role_permissions(self) -> dict[str, list[str]]:
        """Everybody reads the law; a policy officer changes every kind of rule of a draft."""
        from policies.models import RULE_MODELS  # Models are there once all apps are.

        changed = [*_CHANGED, *(str(model._meta.model_name) for model in RULE_MODELS)]
        read = [f"view_{table}" for table in (*_READ, *changed)]
        return {
            **dict.fromkeys(("clerk", "finance", "auditor"), read),
            "supervisor": [*read, "approve_averagepension"],
            "policy_officer": [
                *read,
                *(f"change_{table}" for table in changed),
                "add_instrument",
                "change_instrument",
                "add_averagepension",
                "approve_averagepension",
                "publish_policyversion",
                "add_localfigure",
                "approve_localfigure",
            ],
        }
