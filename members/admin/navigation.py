"""The members' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import INSURED, Page
from agency.models import Role

PAGES = (
    Page(
        INSURED,
        10,
        _("Members"),
        "group",
        "members_member_changelist",
        "members.view_member",
        roles=(Role.CLERK, Role.SUPERVISOR, Role.POLICY_OFFICER, Role.FINANCE, Role.AUDITOR),
    ),
    Page(
        INSURED,
        20,
        _("Disease registrations"),
        "vaccines",
        "members_diseaseregistration_changelist",
        "members.view_diseaseregistration",
        roles=(Role.CLERK, Role.SUPERVISOR),
    ),
)
