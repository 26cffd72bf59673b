"""Every request has a number, and what it did or showed is on record before anybody reads the answer."""

from collections.abc import Callable
from uuid import uuid4

from django.apps import apps
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


class AccessMiddleware:
    """Writes the audit log. An answer that cannot be written down is not given."""

    def __init__(self, get_response: Answer) -> None:
        """Nothing to do in an office without the room."""
        if not apps.is_installed("audit"):
            raise MiddlewareNotUsed
        from audit.recording import record

        self.get_response, self.record = get_response, record

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = uuid4()
        request.number = number  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = str(number)
        self.record(request, response)
        return response
