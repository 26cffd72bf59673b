"""What stands in the sidebar, as rooms declare it, and the pages of this room."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.monthly import opens_for
from agency.admin.permissions import may
from agency.models import Role
from agency.scoping import roles_held


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
    """A page of the desk, open to whoever holds the permission; the lowest place stands first.

    `url_name` is the page's name in the admin. `opens` decides where a permission alone does not. In the sidebar it
    stands for the `roles` whose daily work it is; everybody else finds it among all pages, and by the search.
    """

    subject: Subject
    place: int
    title: Promise
    icon: str
    url_name: str
    permission: str = ""
    opens: Callable[[Any], bool] | None = None
    roles: Collection[Role] = ()

    def is_open_to(self, user: Any) -> bool:
        """Whether the person may open it."""
        return self.opens(user) if self.opens else may(user, self.permission)

    def is_daily_for(self, user: Any) -> bool:
        """Whether it belongs to the daily work of one of their roles; a superuser administers."""
        roles = {Role.SYSTEM_ADMINISTRATOR} if user.is_superuser else roles_held(user)
        return not roles.isdisjoint(self.roles) and self.is_open_to(user)


PAGES = (
    Page(
        OFFICE,
        15,
        _("Exports"),
        "download",
        "agency_export_changelist",
        "agency.view_export",
        roles=(Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR),
    ),
    Page(
        OFFICE,
        16,
        _("Monthly reports"),
        "summarize",
        "agency_export_monthly_reports",
        opens=opens_for,
        roles=(Role.SUPERVISOR, Role.FINANCE),
    ),
    Page(
        OFFICE,
        20,
        _("Jobs"),
        "pending_actions",
        "agency_job_changelist",
        "agency.view_job",
        roles=(Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR),
    ),
    Page(
        OFFICE,
        30,
        _("Staff"),
        "badge",
        "agency_user_changelist",
        "agency.view_user",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
    Page(
        OFFICE,
        35,
        _("Locked logins"),
        "lock_clock",
        "locked_logins",
        "agency.change_user",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
    Page(
        OFFICE,
        40,
        _("Roles"),
        "key",
        "agency_roleassignment_changelist",
        "agency.view_roleassignment",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
    Page(
        OFFICE,
        50,
        _("Role requests"),
        "how_to_reg",
        "agency_rolerequest_changelist",
        "agency.view_rolerequest",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
    Page(
        OFFICE,
        60,
        _("Pooling regions"),
        "map",
        "agency_poolingregion_changelist",
        "agency.view_poolingregion",
        roles=(Role.SYSTEM_ADMINISTRATOR,),
    ),
)
