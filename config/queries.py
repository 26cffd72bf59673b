"""Addresses and cookies that no database can be asked about."""

from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class QueryMiddleware:
    """Refuses with 400 what holds a NUL: PostgreSQL stores and compares none, and no person types one.

    Forms refuse it by themselves; filters, searches, pages that read their address, and session keys do not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in text for text in _texts(request)):
            raise BadRequest("The address or a cookie holds a NUL")
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    for name, values in request.GET.lists():
        yield name
        yield from values
    yield from request.COOKIES.values()
