"""Finding members by what a clerk types, on indexes only: no part of a number or a name is ever searched for."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from agency.models import PoolingRegion
from members.documents import compact, kind_told_by, possible_hashes
from members.models import Member
from members.names import normal_name

_LATIN = re.compile("[A-Za-z]")


def matching(term: str) -> Q:
    """The beginning of the name, the whole member number, or the whole number of a document by its hash."""
    # Numbers are unique in a region, and the index begins with it.
    regions = list(PoolingRegion.objects.order_by().values_list("pk", flat=True))
    found = Q(region_id__in=regions, member_number=term)
    if hashes := possible_hashes(term):
        found |= Q(region_id__in=regions, identity_hash__in=hashes)
    name = normal_name(term)
    return found if kind_told_by(compact(term)) or not name else found | _named(name)


def _named(name: str) -> Q:
    # Only Latin letters are small or capital, and only passports have them one way; the index reads both conditions.
    return Q(name__iregex=f"^{re.escape(name)}") if _LATIN.search(name) else Q(name__startswith=name)


def of_members(queryset: QuerySet[Any], term: str, path: str = "member") -> QuerySet[Any]:
    """The rows of a queryset that belong to members whom the term finds; path: the lookup that leads to the member."""
    return queryset.filter(**{f"{path}__in": Member.objects.filter(matching(term)).order_by().values("pk")})


def search_by_member(path: str = "member") -> Callable[..., Any]:
    """A list's `get_search_results`: the rows of the members whom the term finds; path: the lookup that leads there.

    The list names a search field as well, so that the box is shown; what is searched is decided here.
    """

    def get_search_results(
        page: Any, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (of_members(queryset, term, path) if term else queryset), False

    return get_search_results
