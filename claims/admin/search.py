"""A claim, found by its number or by that of its invoice."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from agency.admin.formats import day
from agency.admin.search import Hit, Search
from agency.admin.views import page_url
from agency.models import PoolingRegion
from agency.scoping import scoped
from claims.models import Claim
from claims.services.new_claims import normal_invoice_number


def _of_the_office(user: Any, words: str) -> Iterator[Hit]:
    claims = scoped(Claim.objects.select_related("member", "provider"), user)
    numbered = Q(claim_number=words)
    if invoice := normal_invoice_number(words):
        numbered |= Q(invoice_number=invoice)
    # Both indexes begin with the region.
    regions = list(PoolingRegion.objects.order_by().values_list("pk", flat=True))
    for claim in claims.filter(numbered, region_id__in=regions).order_by():
        facts = (str(claim.member), str(claim.provider), day(claim.served_on), claim.get_state_display())
        yield Hit(claim.claim_number, " · ".join(facts), page_url(claim))


SEARCHES = (Search(gettext_lazy("Claims"), "receipt_long", "claims.view_claim", _of_the_office),)
