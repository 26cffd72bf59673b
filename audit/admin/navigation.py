"""The audit log among the pages of the desk."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import OFFICE, Page
from agency.models import Role

PAGES = (
    Page(
        OFFICE,
        7,
        _("Audit log"),
        "policy",
        "audit_access_changelist",
        "audit.view_access",
        roles=(Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR),
    ),
)
