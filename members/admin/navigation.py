"""The members' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import INSURED, Page

PAGES = (
    Page(INSURED, 10, _("Members"), "group", "members_member_changelist", "members.view_member"),
    Page(
        INSURED,
        20,
        _("Disease registrations"),
        "vaccines",
        "members_diseaseregistration_changelist",
        "members.view_diseaseregistration",
    ),
)
