"""The sidebar: the pages that rooms declare, grouped by subject, each shown to whoever may open it."""

from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import Page
from agency.declarations import declared


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The subjects with the pages that this person may open."""
    pages = _pages(get_script_prefix())
    # A page's address may lie within a list's: the longest that fits is where the person is.
    here = max((address for _page, address in pages if request.path.startswith(address)), key=len, default="")
    groups: list[dict[str, Any]] = [{"items": [{"title": _("Home"), "icon": "home", "link": reverse("admin:index")}]}]
    for subject, of_subject in groupby(pages, key=lambda pair: pair[0].subject):
        items = [
            {"title": page.title, "icon": page.icon, "link": address, "active": address == here}
            for page, address in of_subject
            if page.is_open_to(request.user)
        ]
        if items:
            groups.append({"title": subject.title, "separator": True, "items": items})
    return groups


@cache
def _pages(prefix: str) -> list[tuple[Page, str]]:
    """Every declared page in its order, with its address below the prefix: the same for all requests."""
    pages: list[Page] = sorted(declared("navigation"), key=lambda page: (page.subject.place, page.place))
    return [(page, reverse(f"admin:{page.url_name}")) for page in pages]


def stylesheet(request: HttpRequest) -> str:
    return static("desk/desk.css")


def script(request: HttpRequest) -> str:
    """The desk's own behaviour: names for screen readers, lines of a form."""
    return static("desk/desk.js")


def favicon(request: HttpRequest) -> str:
    """The desk's mark on the browser's tab."""
    return static("desk/favicon.svg")
