"""The search of the whole office: what rooms declare, and the desk's own pages by their names."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.translation import gettext, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agency.admin.search import SHOWN, Found, Hit, Search
from agency.declarations import declared
from desk.navigation import pages
from members.pinyin import spelled

LONGEST = 80


def found(user: Any, words: str) -> list[Found]:
    """What the person may see of what the words find: pages first, then kind by kind."""
    words = words.strip()[:LONGEST]
    if not words:
        return []
    searches: Iterable[Search] = declared("searches")
    of_pages = [Found(gettext("Pages"), "web_asset", hits, "")] if (hits := _pages(user, words)) else []
    return of_pages + [each for search in searches if (each := search.found_by(user, words)) is not None]


@sensitive_post_parameters("words")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """The results as a piece of a page. Asked by POST, so that no number of a person stands in a log of addresses."""
    words = request.POST.get("words", "")
    return render(request, "desk/found.html", {"found": found(request.user, words), "words": words.strip()})


def _pages(user: Any, words: str) -> list[Hit]:
    wanted = words.casefold()
    hits = []
    for page, address in pages(get_script_prefix()):
        if any(name.startswith(wanted) or f" {wanted}" in name for name in _names(page.title)) and page.is_open_to(
            user
        ):
            hits.append(Hit(str(page.title), str(page.subject.title), address))
    return hits[:SHOWN]


def _names(title: Any) -> set[str]:
    """In both languages and in pinyin, whichever language the person reads."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            name = str(title)
            names |= {name.casefold(), *spelled(name)}
    return names
