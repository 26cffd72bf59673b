"""A provider, found by its number or any part of its name; a drug or treatment by its code or its name's beginning."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy

from agency.admin.search import Hit, Search
from agency.admin.views import list_url, page_url
from agency.scoping import scoped
from providers.models import CatalogItem, Provider


def _providers(user: Any, words: str) -> Iterator[Hit]:
    # Some thousands: what people call a hospital is seldom how its name begins.
    providers = scoped(Provider.objects.select_related("region"), user)
    for provider in providers.filter(Q(code=words) | Q(name__contains=words)):
        facts = (provider.code, provider.get_kind_display(), str(provider.region))
        yield Hit(provider.name, " · ".join(facts), page_url(provider))


def _catalogue(user: Any, words: str) -> Iterator[Hit]:
    items = scoped(CatalogItem.objects.select_related("region"), user)
    for item in items.filter(Q(code=words) | Q(name__startswith=words)):
        yield Hit(item.name, f"{item.code} · {item.region}", page_url(item))


def _catalogue_list(words: str) -> str:
    return f"{list_url(CatalogItem)}?{urlencode({'q': words})}"


SEARCHES = (
    Search(gettext_lazy("Providers"), "local_hospital", "providers.view_provider", _providers),
    Search(gettext_lazy("Catalogue"), "medication", "providers.view_catalogitem", _catalogue, _catalogue_list),
)
