"""The law of the regions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "instrument",
    "article",
    "policyversion",
    "benefitterms",
    "deductible",
    "deductiblefactor",
    "reimbursementrate",
    "ceilingscoperow",
    "ceiling",
    "upfrontshare",
    "outofareashare",
    "exclusionrow",
    "refusalrule",
    "filingdeadline",
    "conduct",
    "creditrule",
    "accountuse",
    "averagepension",
    "closingrule",
    "deductibleexemption",
    "benefitupfrontshare",
    "staylimit",
    "disease",
    "localfigure",
    "lawchange",
]
_READ = [f"view_{table}" for table in _TABLES]


class PoliciesConfig(AppConfig):
    """Versions of the rules, the engine that applies them, average pensions."""

    name = "policies"
    verbose_name = _("Policies")

    import_resources = {"average_pensions": "policies.resources.AveragePensionResource"}

    navigation = ("policies.admin.navigation.PAGES",)
    worklist = ("policies.admin.worklist.QUEUES",)

    role_permissions = {
        "clerk": _READ,
        "supervisor": [*_READ, "approve_averagepension"],
        "finance": _READ,
        "auditor": _READ,
        "policy_officer": [
            *_READ,
            *[f"change_{table}" for table in _TABLES if table not in ("instrument", "article", "lawchange", "disease")],
            "add_averagepension",
            "approve_averagepension",
            "publish_policyversion",
            "add_localfigure",
            "approve_localfigure",
        ],
    }
