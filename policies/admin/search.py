"""Documents by their number or title, diseases by code or name."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from agency.admin.search import Hit, Search
from agency.admin.views import page_url
from agency.scoping import scoped
from policies.models import Disease, Instrument


def _documents(user: Any, words: str) -> Iterator[Hit]:
    documents = scoped(Instrument.objects.select_related("region"), user)
    for document in documents.filter(Q(number__contains=words) | Q(title__contains=words)):
        yield Hit(document.number, f"{document.title} · {document.region}", page_url(document))


def _diseases(user: Any, words: str) -> Iterator[Hit]:
    diseases = scoped(Disease.objects.select_related("region"), user)
    for disease in diseases.filter(Q(code__iexact=words) | Q(name__contains=words)):
        yield Hit(disease.name, f"{disease.code} · {disease.region}", page_url(disease))


SEARCHES = (
    Search(gettext_lazy("Instruments"), "description", "policies.view_instrument", _documents),
    Search(gettext_lazy("Diseases"), "coronavirus", "policies.view_disease", _diseases),
)
