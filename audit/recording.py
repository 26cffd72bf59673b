"""What a request did or showed, as the audit log says it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from audit.models import Act
from audit.services.accesses import Where, record_access

# Pieces of a page that was opened before, which ask again and again while a worker is busy.
_PIECES = ("_panel",)
# What these do is heard of by signals.
_SIGN_IN = ("login", "logout")


def record(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write down what a page of the admin did for somebody who has signed in."""
    match = request.resolver_match
    user: Any = getattr(request, "user", None)
    if match is None or match.namespace != "admin" or user is None or not user.is_authenticated:
        return
    view = match.url_name or ""
    object_id = str(match.kwargs.get("object_id", ""))
    model = _model(view)
    rows = _rows(request)
    if object_id and model and not rows and response.status_code == 200:
        # A page that does not ask for its row, such as a history.
        rows = list(model._default_manager.filter(pk=object_id))
    act = _act(request, response, view, rows)
    if act is None:
        return
    # What was refused was not shown.
    shown = () if act == Act.REFUSED else rows
    query = request.POST.get("words", "") if act == Act.SEARCHED else request.META.get("QUERY_STRING", "")
    subject = type(rows[0]) if rows else model
    record_access(act, user, where(request), subject=subject, object_id=object_id, rows=shown, query=query)


def where(request: HttpRequest) -> Where:
    """The page, the address as the trusted proxies saw it, and the request's number."""
    match = request.resolver_match
    address = get_client_ip_address(request)
    return Where((match and match.url_name) or "", address or None, getattr(request, "number", None))


def _act(request: HttpRequest, response: HttpResponseBase, view: str, rows: Sequence[Model]) -> Act | None:
    status = response.status_code
    names_a_row = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
    # Of a row that is not the person's to see Django's own pages lead away as of one that is not there.
    is_kept_away = None in request.__dict__.get("_desk_objects", {}).values()
    if status == 403 or is_kept_away or (status == 404 and names_a_row):
        return Act.REFUSED
    if status >= 400 or view in _SIGN_IN or view.endswith(_PIECES) or getattr(request, "is_on_record", False):
        return None
    if "attachment" in response.headers.get("Content-Disposition", ""):
        return Act.TOOK
    if view == "search":
        return Act.SEARCHED
    if request.method == "POST" and status == 302:
        return Act.CHANGED
    if status == 200 and rows:
        return Act.OPENED if names_a_row else Act.LISTED
    return None


def _rows(request: HttpRequest) -> list[Model]:
    """What the page shows: the row that it is about, or those of its list."""
    found = [row for row in request.__dict__.get("_desk_objects", {}).values() if row is not None]
    return found[:1] or list(request.__dict__.get("_desk_rows", ()))


def _model(view: str) -> type[Model] | None:
    """Whose page it is, by the name of the page."""
    return _models().get("_".join(view.split("_")[:2]))


@cache
def _models() -> dict[str, type[Model]]:
    return {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
