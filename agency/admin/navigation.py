"""What stands in the sidebar, as rooms declare it, and the pages of this room."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.monthly import opens_for
from agency.admin.permissions import may


@dataclass(frozen=True, slots=True)
class Subject:
    """A heading of the sidebar; the lowest place stands first."""

    title: Promise
    place: int


INSURED = Subject(_("Insured persons"), 10)
CLAIMS = Subject(_("Claims"), 20)
ACCOUNTS = Subject(_("Personal accounts"), 30)
LAW = Subject(_("The law"), 40)
OFFICE = Subject(_("The office"), 50)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the sidebar, shown to whoever holds the permission; the lowest place stands first.

    `url_name` is the page's name in the admin. `opens` decides where a permission alone does not.
    """

    subject: Subject
    place: int
    title: Promise
    icon: str
    url_name: str
    permission: str = ""
    opens: Callable[[Any], bool] | None = None

    def is_open_to(self, user: Any) -> bool:
        """Whether the person may open it."""
        return self.opens(user) if self.opens else may(user, self.permission)


PAGES = (
    Page(OFFICE, 15, _("Exports"), "download", "agency_export_changelist", "agency.view_export"),
    Page(OFFICE, 16, _("Monthly reports"), "summarize", "agency_export_monthly_reports", opens=opens_for),
    Page(OFFICE, 20, _("Jobs"), "pending_actions", "agency_job_changelist", "agency.view_job"),
    Page(OFFICE, 30, _("Staff"), "badge", "agency_user_changelist", "agency.view_user"),
    Page(OFFICE, 40, _("Roles"), "key", "agency_roleassignment_changelist", "agency.view_roleassignment"),
    Page(OFFICE, 50, _("Role requests"), "how_to_reg", "agency_rolerequest_changelist", "agency.view_rolerequest"),
    Page(OFFICE, 60, _("Pooling regions"), "map", "agency_poolingregion_changelist", "agency.view_poolingregion"),
)
