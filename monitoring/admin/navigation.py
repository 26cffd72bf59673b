"""The pages of monitoring in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page
from agency.models import Role

PAGES = (
    Page(
        CLAIMS,
        110,
        _("Review flags"),
        "flag",
        "monitoring_reviewflag_changelist",
        "monitoring.view_reviewflag",
        roles=(Role.SUPERVISOR, Role.AUDITOR),
    ),
    Page(
        CLAIMS,
        120,
        _("Providers by month"),
        "monitoring",
        "monitoring_reviewflag_provider_months",
        "monitoring.view_reviewflag",
    ),
    Page(
        CLAIMS,
        130,
        _("Monitoring standards"),
        "tune",
        "monitoring_monitoringstandard_changelist",
        "monitoring.view_monitoringstandard",
    ),
)
