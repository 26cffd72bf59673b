"""Who holds which role where, and what waits for a second administrator."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, RegionField
from agency.admin.filters import RegionFilter
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.moves import move_button
from agency.admin.panels import RowsPanel
from agency.models import Role, RoleAssignment, RoleRequest, RoleRequestState
from agency.scoping import region_ids_of, scoped
from agency.services.roles import WITHDRAW, approve_role_request, refuse_role_request, withdraw_role


class RoleForm(ReasonedForm):
    """A role, in one region or in all."""

    role = ChoiceField(label=_("Role"), choices=Role.choices)
    region = RegionField(required=False, empty_label=_("all regions"))

    def clean(self) -> dict[str, Any]:
        """Whoever works in some regions gives roles in those."""
        data = super().clean() or self.cleaned_data
        if not data.get("region") and region_ids_of(self.request.user, self.permission) is not None:
            raise ValidationError({"region": _("Choose a region: you do not work in all of them.")})
        return data


class RoleFilter(admin.SimpleListFilter):
    """Colleagues who hold a role, where the reader sees who holds which."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        held = scoped(RoleAssignment.objects.filter(role=self.value()), request.user)
        return queryset.filter(pk__in=held.values("user"))


def _where(held: Any) -> Any:
    return held.region or _("all regions")


class RolesPanel(RowsPanel):
    name = "roles"
    title = _("Roles")
    tab = False
    permission = "agency.view_roleassignment"
    columns = (
        column.text("role").leading(),
        column.text(_where, _("Pooling region")),
    )
    empty = _("No role yet: this person sees nothing.")

    def rows(self) -> Any:
        """Those that the reader may see."""
        held = self.obj.role_assignments.select_related("region").order_by("role", "region__admdvs")
        return scoped(held, self.request.user)


class WaitingRolesPanel(RowsPanel):
    """What was asked for and nobody has decided yet."""

    name = "waiting-roles"
    title = _("Waiting for a second administrator")
    tab = False
    permission = "agency.view_rolerequest"
    columns = (
        column.text("change", _("What")).leading(),
        column.text("role"),
        column.text(_where, _("Pooling region")),
        column.text("submitted_by"),
        column.instant("submitted_at"),
        column.text("reason", _("Why")),
    )

    def is_shown(self) -> bool:
        return super().is_shown() and self.rows().exists()

    def rows(self) -> Any:
        """Newest first, those that the reader may see."""
        rows = self.obj.role_requests.filter(state=RoleRequestState.SUBMITTED)
        return scoped(rows.select_related("region", "submitted_by").order_by("-pk"), self.request.user)


class RoleChangesPanel(RowsPanel):
    """How somebody's roles came and went: who gave or withdrew which, and why."""

    name = "role-changes"
    title = _("Changes of roles")
    tab = False
    permission = "agency.view_roleassignment"
    columns = (
        column.instant("history_date", _("When")),
        column.text(lambda row: _("role withdrawn") if row.history_type == "-" else _("role given"), _("What")),
        column.text("role", _("Role")),
        column.text(_where, _("Pooling region")),
        column.text("history_user", _("By whom")),
        column.text("history_change_reason", _("Why")),
    )
    empty = _("No role was given yet.")

    def rows(self) -> Any:
        """Newest first, of the regions whose roles the reader may see."""
        rows = RoleAssignment.history.filter(user=self.obj).select_related("region", "history_user")
        return scoped(rows.order_by("-history_date", "-history_id"), self.request.user)


class WithdrawForm(ReasonedForm):
    """The reason, beside whose role it is."""

    @property
    def sentences(self) -> Sequence[str]:
        """The page is named after the role alone."""
        return [_("The role of %(name)s.") % {"name": cast(RoleAssignment, self.obj).user}]


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(TrackedAdmin):
    """Who holds which role where."""

    list_display = ("user", "role", "where")
    list_filter = ("role", RegionFilter)
    list_select_related = ("user", "region")
    search_fields = ("user__username__istartswith", "user__display_name__startswith")
    search_help_text = _("Beginning of a colleague's name or login")
    fields = ("user", "role", "where")
    ordering = ("user_id", "role")
    buttons = ("withdraw",)

    where = column.text(_where, _("pooling region"))

    @form_action(
        _("Withdraw the role"),
        permission=WITHDRAW,
        form=WithdrawForm,
        icon="person_remove",
        description=_(
            "A colleague's role ends at once; the history keeps it. One of your own waits for a second administrator."
        ),
    )
    def withdraw(self, request: DeskRequest, held: RoleAssignment, data: dict[str, Any]) -> Done:
        """The role ends, or the request for it waits."""
        text = _("%(name)s no longer holds the role %(role)s.") % {"name": held.user, "role": held}
        asked = withdraw_role(held, actor=request.user, reason=data["reason"])
        if asked is not None:
            return Done(_("The withdrawal waits for a second administrator."), asked)
        return Done(text, url=reverse("admin:agency_roleassignment_changelist"))


class ApproveRoleForm(DecisionForm):
    """The decision, beside what was asked for and why."""

    @property
    def sentences(self) -> Sequence[str]:
        """The request is named after the role alone."""
        asked = cast(RoleRequest, self.obj)
        facts = {"name": asked.submitted_by, "change": asked.get_change_display(), "reason": asked.reason}
        return [_("Asked for by %(name)s, to %(change)s: %(reason)s") % facts]


def is_about_another(asked: RoleRequest, user: Any) -> bool:
    """Not about the reader's own roles."""
    return bool(asked.user_id != user.pk)


@admin.register(RoleRequest)
class RoleRequestAdmin(TrackedAdmin):
    """Requests for roles, the newest first."""

    buttons = ("approve", "refuse")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("user", "change", "role", "where", "state_label", "submitted_by", "submitted")
    list_filter = ("state", "role", RegionFilter)
    list_select_related = ("user", "region", "submitted_by")
    search_fields = ("user__username__istartswith", "user__display_name__startswith")
    search_help_text = _("Beginning of a colleague's name or login")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("user", "state_label"), ("change", "role", "where"), "reason")}),)

    where = column.text(_where, _("pooling region"))

    @move_button(
        RoleRequest,
        "approve",
        also=is_about_another,
        form=ApproveRoleForm,
        description=_("What was asked for is done at once."),
    )
    def approve(self, request: DeskRequest, asked: RoleRequest, data: dict[str, Any]) -> Any:
        approve_role_request(asked, actor=request.user, **data)
        return _("The request is approved and done.")

    @move_button(RoleRequest, "refuse", also=is_about_another, description=_("The roles stay as they are."))
    def refuse(self, request: DeskRequest, asked: RoleRequest, data: dict[str, Any]) -> Any:
        refuse_role_request(asked, actor=request.user, **data)
        return _("The request was refused.")
