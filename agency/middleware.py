"""Nobody works with a password that somebody else knows."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# The page itself, what it loads, the way out, and the language switch.
_OPEN = frozenset({"own_password", "admin:jsi18n", "admin:logout", "set_language"})


class OwnPasswordMiddleware:
    """Leads to the page of one's own password, and nowhere else, until a password that somebody else set is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Before any page is read."""
        match = request.resolver_match
        if getattr(request.user, "password_set_by_id", None) is None or (match and match.view_name in _OPEN):
            return None
        return redirect("own_password")
