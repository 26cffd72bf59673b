"""The pages that rooms declare, grouped by subject: those of somebody's daily work in the sidebar, all on one page."""

from functools import cache
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import Page
from agency.declarations import declared


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this person's daily work by subject, between the home page and the page that lists the rest."""
    of_the_house = pages(get_script_prefix())
    # A page's address may lie within a list's: the longest that fits is where the person is.
    here = max((address for _page, address in of_the_house if request.path.startswith(address)), key=len, default="")
    home = {"title": _("Home"), "icon": "home", "link": reverse("admin:index")}
    rest = {"title": _("All pages"), "icon": "apps", "link": reverse("admin:pages")}
    daily = [(page, address) for page, address in of_the_house if page.is_daily_for(request.user)]
    return [
        {"items": [home]},
        *(
            {
                "title": subject.title,
                "separator": True,
                "items": [
                    {"title": page.title, "icon": page.icon, "link": address, "active": address == here}
                    for page, address in of_subject
                ],
            }
            for subject, of_subject in groupby(daily, key=lambda pair: pair[0].subject)
        ),
        {"separator": True, "items": [rest]},
    ]


def all_pages(request: HttpRequest) -> HttpResponse:
    """Everything that this person may open, by subject; the sidebar has only what their daily work needs."""
    may_open = [(page, address) for page, address in pages(get_script_prefix()) if page.is_open_to(request.user)]
    subjects = [(subject.title, list(those)) for subject, those in groupby(may_open, key=lambda pair: pair[0].subject)]
    context = {**admin.site.each_context(request), "title": _("All pages"), "subjects": subjects}
    return render(request, "desk/pages.html", context)


@cache
def pages(prefix: str) -> list[tuple[Page, str]]:
    """Every declared page in its order, with its address below the prefix: the same for all requests."""
    declared_pages: list[Page] = sorted(declared("navigation"), key=lambda page: (page.subject.place, page.place))
    return [(page, reverse(f"admin:{page.url_name}")) for page in declared_pages]


def stylesheet(request: HttpRequest) -> str:
    return static("desk/desk.css")


def colours(request: HttpRequest) -> str:
    """The blue of an office, in the steps that Unfold names."""
    return static("desk/colours.css")


def script(request: HttpRequest) -> str:
    """The desk's own behaviour: names for screen readers, lines of a form."""
    return static("desk/desk.js")


def search_script(request: HttpRequest) -> str:
    return static("desk/search.js")


def shortcuts_script(request: HttpRequest) -> str:
    return static("desk/shortcuts.js")


def drafts_script(request: HttpRequest) -> str:
    return static("desk/drafts.js")


def print_script(request: HttpRequest) -> str:
    return static("desk/print.js")


def favicon(request: HttpRequest) -> str:
    """The desk's mark on the browser's tab."""
    return static("desk/favicon.svg")
