"""The page of this room in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import OFFICE, Page
from agency.models import Role

PAGES = (
    Page(
        OFFICE,
        10,
        _("Imports"),
        "upload_file",
        "files_fileimport_changelist",
        "files.view_fileimport",
        roles=(Role.CLERK, Role.FINANCE, Role.POLICY_OFFICER, Role.SYSTEM_ADMINISTRATOR),
    ),
)
