"""Locked logins after wrong passwords, for whoever may let colleagues in again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.admin.actions import DeskRequest
from agency.admin.permissions import may
from agency.exceptions import DomainError
from agency.models import User
from agency.services.logins import CHANGE
from agency.services.unlocking import let_in_again, waiting_names


def page(request: DeskRequest) -> HttpResponse:
    """The names, with a button for colleagues whose login the person may change."""
    if not may(request.user, CHANGE):
        raise PermissionDenied
    if request.method == "POST":
        _let_in(request)
        return redirect("admin:locked_logins")
    names: list[tuple[Any, bool]] = [
        (each, each.user is not None and each.user.pk != request.user.pk and may(request.user, CHANGE, each.user))
        for each in waiting_names(timezone.now())
    ]
    context = {**admin.site.each_context(request), "title": _("Locked logins"), "names": names}
    return render(request, "agency/locked.html", context)


def _let_in(request: DeskRequest) -> None:
    number = request.POST.get("user", "")
    colleague = get_object_or_404(User, pk=number if number.isdecimal() and len(number) < 10 else 0)
    try:
        let_in_again(colleague, actor=request.user, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s can sign in again.") % {"name": colleague})
