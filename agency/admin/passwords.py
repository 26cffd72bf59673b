"""One's own password, and what somebody reads after logging in about what others changed about their login."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import PasswordChangeView
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from unfold.forms import AdminOwnPasswordChangeForm

from agency.admin.formats import NOTHING, instant
from agency.models import RoleAssignment, User
from agency.services.logins import changes_to_tell, choose_password


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """The old password, and twice the new one."""

    user: User

    def clean(self) -> dict[str, Any]:
        """The password that is there is no new one."""
        data: dict[str, Any] = super().clean()
        chosen = data.get("new_password1")
        if chosen and self.user.check_password(chosen):
            self.add_error("new_password1", _("This is the password you have. Choose another."))
        return data

    def save(self, commit: bool = True) -> User:
        self.user = choose_password(self.user, self.cleaned_data["new_password1"])
        return self.user


class OwnPasswordView(PasswordChangeView):
    """Change one's own password; the only page there is while somebody else knows it."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Say why no other page opens."""
        if request.user.password_set_by_id is not None:  # type: ignore[union-attr]
            messages.warning(request, _("Somebody else set your password. Choose your own before you go on."))
        return super().get(request, *args, **options)

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        """With what every page of the admin shows."""
        return {**admin.site.each_context(self.request), **super().get_context_data(**options)}


@receiver(user_logged_in)
def tell_what_others_changed(sender: Any, request: HttpRequest | None, user: User, **options: Any) -> None:
    """A message for every change that colleagues made since the person last logged in."""
    if not hasattr(request, "_messages"):  # Not at a screen.
        return
    for row in changes_to_tell(user):
        messages.warning(request, _sentence(row))  # type: ignore[arg-type]


def _sentence(row: Any) -> str:
    facts = {
        "name": row.history_user,
        "when": instant(row.history_date),
        "reason": row.history_change_reason or NOTHING,
    }
    if row.instance_type is RoleAssignment:
        facts["role"] = row.instance
        if row.history_type == "-":
            return _("%(name)s withdrew your role %(role)s on %(when)s: %(reason)s") % facts
        return _("%(name)s gave you the role %(role)s on %(when)s: %(reason)s") % facts
    before = row.prev_record
    if row.password_set_at is not None and row.password_set_at != (before and before.password_set_at):
        return _("%(name)s set your password on %(when)s: %(reason)s") % facts
    return _("%(name)s changed your login on %(when)s: %(reason)s") % facts
