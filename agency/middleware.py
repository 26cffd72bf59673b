"""From signing in to working: nobody idles, skips the second factor, or goes on with a password that others know."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.services.second_factor import needs_second_factor
from agency.services.sessions import has_ended, note_use

# What a session says of the second factor: it was given, or the person has one and has not given it.
SECOND_FACTOR, GIVEN, OWED = "second_factor", "given", "owed"
# The way out, the language switch, and what the pages below load.
_ALWAYS = frozenset({"admin:logout", "set_language", "admin:jsi18n"})
_SECOND_FACTOR_PAGES = frozenset({"admin:second_factor", "admin:set_up_second_factor"})


class SignInMiddleware:
    """Leads whoever has signed in by one step after the other, and to no page before they are done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Before any page is read."""
        if not request.user.is_authenticated:
            return None
        now = timezone.now()
        if has_ended(request.session, now):
            return _signed_out(request)
        # What a page asks for by itself while nobody looks at it is no use.
        if request.headers.get("HX-Request") != "true":
            note_use(request.session, now)
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in _ALWAYS:
            return None
        if _owes_second_factor(request):
            return None if name in _SECOND_FACTOR_PAGES else redirect(_with_next("admin:second_factor", request))
        if request.user.password_set_by_id is not None:
            return None if name == "own_password" else redirect("own_password")
        return None


def _owes_second_factor(request: HttpRequest) -> bool:
    said = request.session.get(SECOND_FACTOR)
    return said != GIVEN and (said == OWED or needs_second_factor(request.user))  # type: ignore[arg-type]


def _signed_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.info(request, _("You were signed out, because nobody was at it for a while. Sign in again."))
    if request.headers.get("HX-Request") == "true":
        # A part of a page: the whole of it goes there.
        return HttpResponse(headers={"HX-Redirect": reverse("admin:login")})
    return redirect(_with_next("admin:login", request))


def _with_next(page: str, request: HttpRequest) -> str:
    """The page's address, with where to go on from there."""
    return reverse(page) + (f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else "")
