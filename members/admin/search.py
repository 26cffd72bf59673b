"""Finding members by what a clerk types, on indexes only: no part of a number or a name is ever searched for."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from agency.fields import search_hash
from agency.models import PoolingRegion
from members.models import Member

_IDENTITY_NUMBER = re.compile(r"\d{17}[\dXx]")


def matching(term: str) -> Q:
    """The beginning of the name, the whole member number, or the whole identity number by its hash."""
    # Numbers are unique in a region, and the index begins with it.
    regions = list(PoolingRegion.objects.order_by().values_list("pk", flat=True))
    by_number = Q(region_id__in=regions, member_number=term)
    if _IDENTITY_NUMBER.fullmatch(term):
        return by_number | Q(region_id__in=regions, identity_hash=search_hash(term))
    return by_number | Q(name__startswith=term)


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
