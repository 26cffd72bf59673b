"""Agreements that end soon, with none after them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from agency.admin.alerts import Alert, Counted, Watch, in_words, rows_at
from agency.admin.filters import EndingFilter, ending_soon
from agency.models import PoolingRegion
from providers.selectors.ending import last_agreements


class EndingAgreementFilter(EndingFilter):
    """Providers whose last agreement ends soon."""

    def ending(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(Exists(last_agreements(ending_soon()).filter(provider=OuterRef("pk"))))


def _ending_agreements(user: Any, regions: Sequence[PoolingRegion]) -> Iterable[Counted]:
    def said(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s provider's agreement ends within %(days)s days, and no other follows.",
            "%(count)s providers' agreements end within %(days)s days, and no others follow.",
            count,
        )
        facts = {"count": in_words(count), "days": settings.EXPIRY_NOTICE_DAYS}
        return Alert(sentence % facts, count, "warning", rows_at("providers_provider", regions, ending="soon"))

    yield Counted(last_agreements(ending_soon()).filter(provider__region__in=regions), said)


WATCHES = (Watch(50, "providers.view_agreement", _ending_agreements),)
