"""The page that lists the keys of the desk."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agency.shortcuts import GROUPS


def page(request: HttpRequest) -> HttpResponse:
    """For everybody who has signed in."""
    context = {**admin.site.each_context(request), "title": _("Keyboard shortcuts"), "groups": GROUPS}
    return render(request, "desk/shortcuts.html", context)
