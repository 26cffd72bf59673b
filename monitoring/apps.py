"""Monitoring of visits and payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "reviewflag",
    "monitoringstandard",
]
_READ = [f"view_{table}" for table in _TABLES]


class MonitoringConfig(AppConfig):
    """Patterns that somebody should look at, flags that a person decides, providers by month."""

    name = "monitoring"
    verbose_name = _("Monitoring")

    page_panels = {"claims.claim": ["monitoring.admin.panels.FlagsPanel"]}

    navigation = ("monitoring.admin.navigation.PAGES",)
    worklist = ("monitoring.admin.worklist.QUEUES",)
    schedule = ("monitoring.tasks.SCHEDULE",)
    job_kinds = {"raise_flags": _("search for unusual patterns")}
    job_results = {"flags": _("new review flags")}

    role_permissions = {
        "clerk": _READ,
        "supervisor": [*_READ, "decide_reviewflag", "change_monitoringstandard"],
        "policy_officer": _READ,
        "finance": _READ,
        "auditor": _READ,
    }
