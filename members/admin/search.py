"""Finding members by what a clerk types, on indexes only: no middle of a number or a name is ever searched for."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from agency.admin.search import SHOWN, Hit, Search
from agency.admin.views import list_url, page_url
from agency.models import PoolingRegion
from agency.scoping import scoped
from members.documents import compact, kind_told_by, possible_hashes
from members.models import Member
from members.names import normal_name
from members.pinyin import spelled

_LATIN = re.compile("[A-Za-z]")


def matching(term: str) -> Q:
    """The beginning of the name or of its pinyin, the whole member number, or a document's whole number by its hash."""
    found = Q(member_number=term) | Q(identity_hash__in=possible_hashes(term))
    name = normal_name(term)
    if name and not kind_told_by(compact(term)):
        found |= named(name)
    return Q(region_id__in=_region_ids()) & found


def _region_ids() -> list[int]:
    """Of all regions: numbers, documents and names are looked up in a region, and the indexes begin with it."""
    return list(PoolingRegion.objects.order_by().values_list("pk", flat=True))


def named(name: str) -> Q:
    """The beginning of the name; with Latin letters, of its pinyin or of its initials."""
    if not _LATIN.search(name):
        return Q(name__startswith=name)
    pinyin, _initials = spelled(name)
    return Q(pinyin__startswith=pinyin) | Q(initials__startswith=pinyin)


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


def _of_the_office(user: Any, words: str) -> Iterator[Hit]:
    """Whoever has exactly this number, document or name, then whose name begins so."""
    members = scoped(Member.objects.select_related("region"), user)
    exact = Q(member_number=words) | Q(identity_hash__in=possible_hashes(words))
    name = normal_name(words)
    conditions = [exact, Q(name=name), named(name)] if name else [exact]
    seen: set[int] = set()
    for condition in conditions:
        in_regions = Q(region_id__in=_region_ids()) & condition
        for member in members.filter(in_regions).exclude(pk__in=seen).order_by()[: SHOWN + 1]:
            seen.add(member.pk)
            yield Hit(member.name, _told_apart(member), page_url(member))


def _told_apart(member: Member) -> str:
    born = gettext("born %(year)s") % {"year": member.birth_date.year}
    facts = (member.member_number, born, member.employer, str(member.region))
    return " · ".join(fact for fact in facts if fact)


def _list_of(words: str) -> str:
    return f"{list_url(Member)}?{urlencode({'q': words})}"


SEARCHES = (Search(gettext_lazy("Members"), "group", "members.view_member", _of_the_office, _list_of),)
