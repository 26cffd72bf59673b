"""Staff and their logins."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from unfold.decorators import display
from unfold.forms import UserCreationForm

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import PasswordField, ReasonField, SwitchField
from agency.admin.forms import ReasonedForm
from agency.admin.permissions import may
from agency.admin.roles import RoleChangesPanel, RoleFilter, RoleForm, RolesPanel, WaitingRolesPanel
from agency.exceptions import NotPermitted
from agency.models import Role, RoleRequest, User
from agency.passwords import UsedPasswordValidator
from agency.services.logins import CHANGE, change_login, open_login, set_password
from agency.services.roles import GIVE, give_role
from agency.services.second_factor import reset_second_factor
from agency.services.sessions import end_sessions

# Groups are written by `sync_roles`, and what axes keeps is read by nobody at the desk.
for model in (Group, AccessAttempt, AccessFailureLog, AccessLog, StaticDevice):
    admin.site.unregister(model)


class LoginFilter(admin.BooleanFieldListFilter):
    """Colleagues who may log in, or no longer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Say it in words of the office."""
        super().__init__(*args, **options)
        self.title = _("may log in")


class StaffCreationForm(UserCreationForm):
    """A login and its first password."""

    # Everybody here logs in with a password.
    usable_password = None
    reason = ReasonField()

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "display_name")


class StaffChangeForm(forms.ModelForm):
    """What may change about a colleague; another password is set by a button."""

    is_active = SwitchField(
        label=_("May log in"),
        help_text=_("Switch it off when somebody leaves: their roles end, and nobody is deleted."),
    )
    reason = ReasonField()

    class Meta:
        model = User
        fields = ("username", "display_name", "email", "is_active")


# Whether it is one that the colleague had before is not told to whoever tries.
_GIVEN_OUT = [each for each in get_default_password_validators() if not isinstance(each, UsedPasswordValidator)]


class PasswordForm(ReasonedForm):
    password = PasswordField(label=_("New password"))
    again = PasswordField(label=_("The same again"))

    def clean(self) -> dict[str, Any]:
        """Twice the same, and a good one."""
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.pop("again", None)
        if password and again and password != again:
            raise ValidationError({"again": _("The two passwords differ.")})
        if password:
            try:
                validate_password(password, self.obj, _GIVEN_OUT)  # type: ignore[arg-type]
            except ValidationError as error:
                self.add_error("password", error)
        return data


def is_somebody_else(staff: User, user: Any) -> bool:
    """A colleague; one's own password is changed at the top of every page."""
    return staff.pk != user.pk


@admin.register(User)
class StaffAdmin(TrackedAdmin, UserAdmin):  # type: ignore[misc]
    """Colleagues: added and changed by the system administrator, never deleted, only closed."""

    form = StaffChangeForm
    add_form = StaffCreationForm
    panels = (RolesPanel, WaitingRolesPanel, RoleChangesPanel)
    buttons = ("give_role", "set_password", "end_sessions", "reset_second_factor")
    left_out_of_history = frozenset({"last_login", "password", "told_at"})

    list_display = ("username", "display_name", "may_log_in", "date_joined")
    list_filter = (("is_active", LoginFilter), RoleFilter)
    search_fields = ("username__istartswith", "display_name__startswith")
    search_help_text = _("Beginning of a colleague's name or login")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "display_name", "email", "is_active", "reason")}),
        (_("Known so far"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "display_name", "password1", "password2", "reason")}),)
    readonly_fields = ("last_login", "date_joined")

    @display(description=_("may log in"), boolean=True)
    def may_log_in(self, staff: User) -> bool:
        """Until the login is closed."""
        return staff.is_active

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "agency.add_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role, in every region where the colleague works."""
        return may(request.user, CHANGE, obj if isinstance(obj, User) else None)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The ordinary page of a new login."""
        return UserAdmin.add_view(self, request, form_url, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Somebody else closes one's login."""
        fields = super().get_readonly_fields(request, obj)
        own = obj is not None and obj.pk == request.user.pk and not request.user.is_superuser
        return (*fields, "is_active") if own else fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """No reason where nothing can be changed."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("username", "display_name", "email", "may_log_in", "last_login", "date_joined")}),)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """An earlier state is shown without a form."""
        if obj is not None and not self.has_change_permission(request, obj):
            options["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """By the services; what they refuse is no button's to press."""
        how: dict[str, Any] = {"actor": request.user, "reason": form.cleaned_data["reason"]}
        try:
            if change:
                change_login(obj, **{name: getattr(obj, name) for name in StaffChangeForm.Meta.fields}, **how)
            else:
                open_login(obj, **how)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Django's own address for it leads to the button."""
        return self.set_password(request, id)

    @form_action(
        _("Set a password"),
        permission=CHANGE,
        form=PasswordForm,
        icon="password",
        description=_(
            "For a colleague who cannot log in any more. Whoever logs in with it has to choose another at once."
        ),
        applies=is_somebody_else,
    )
    def set_password(self, request: DeskRequest, staff: User, data: dict[str, Any]) -> Any:
        """Another password for somebody else."""
        set_password(staff, data["password"], actor=request.user, reason=data["reason"])
        return _("%(name)s has another password.") % {"name": staff}

    @form_action(
        _("End all sessions"),
        permission=CHANGE,
        form=ReasonedForm,
        icon="logout",
        description=_("Signs the colleague out wherever they are signed in, such as on a computer that was lost."),
        applies=is_somebody_else,
    )
    def end_sessions(self, request: DeskRequest, staff: User, data: dict[str, Any]) -> Any:
        """Out, everywhere."""
        count = end_sessions(staff, actor=request.user, reason=data["reason"])
        return ngettext("%(count)s session has ended.", "%(count)s sessions have ended.", count) % {"count": count}

    @form_action(
        _("Reset the second factor"),
        permission=CHANGE,
        form=ReasonedForm,
        icon="phonelink_erase",
        description=_(
            "For a colleague whose telephone and recovery codes are lost. Be sure who is asking: whoever has the "
            "password then sets up another."
        ),
        applies=is_somebody_else,
    )
    def reset_second_factor(self, request: DeskRequest, staff: User, data: dict[str, Any]) -> Any:
        """None any more, and out everywhere."""
        reset_second_factor(staff, actor=request.user, reason=data["reason"])
        return _("%(name)s has no second factor any more, and is signed out.") % {"name": staff}

    @form_action(
        _("Give a role"),
        permission=GIVE,
        form=RoleForm,
        icon="badge",
        description=_(
            "A role that only looks holds from now on. One that changes anything, and any role of your own, waits for "
            "a second administrator."
        ),
    )
    def give_role(self, request: DeskRequest, staff: User, data: dict[str, Any]) -> Any:
        """One more role, or the request for it."""
        given = give_role(staff, Role(data["role"]), data["region"], actor=request.user, reason=data["reason"])
        if isinstance(given, RoleRequest):
            return Done(_("The role waits for a second administrator."), given)
        return _("%(name)s now holds the role %(role)s.") % {"name": staff, "role": given}
