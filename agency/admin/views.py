"""Addresses of a page beside its list, its rows and its buttons: papers to print, files, forms of their own.

A page lists them as its `views`. Each is called after its app, its model and its own name, as buttons are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from agency.admin.permissions import may

Answer = Callable[..., HttpResponseBase]


def page_url(obj: Model, name: str = "change") -> str:
    """The page of a row; by its name, another view of the row or the form of a button."""
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def list_url(model: type[Model]) -> str:
    """The list of a model's rows."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@dataclass(frozen=True, slots=True)
class View:
    """Where it is, below the address of the list; what it is called; what answers there."""

    path: str
    name: str
    answer: Answer


def row_view(path: str, *, name: str, permission: str = "") -> Callable[[Answer], View]:
    """Turn a function `(page, request, row, what the path captures) -> response` into a view below a row's address.

    Http404 for whoever does not hold the permission for the row, which without a name is the one to view it: nobody
    else learns that there is such a row.
    """

    def decorate(answer: Answer) -> View:
        def view(request: HttpRequest, object_id: str, model_admin: Any, **captured: Any) -> HttpResponseBase:
            page = model_admin
            row = page.get_object(request, object_id) if page.has_view_permission(request) else None
            is_seen = row is not None and (
                may(request.user, permission, row) if permission else page.has_view_permission(request, row)
            )
            if not is_seen:
                raise Http404
            return answer(page, request, row, **captured)

        return View(f"<path:object_id>/{path}", name, view)

    return decorate


def list_view(path: str, *, name: str) -> Callable[[Answer], View]:
    """Turn a function `(page, request, what the path captures) -> response` into a view beside the list.

    The function looks who asks.
    """

    def decorate(answer: Answer) -> View:
        def view(request: HttpRequest, model_admin: Any, **captured: Any) -> HttpResponseBase:
            return answer(model_admin, request, **captured)

        return View(path, name, view)

    return decorate
