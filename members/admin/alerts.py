"""Registrations that end soon, with none after them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agency.admin.alerts import Alert, Counted, Watch, in_words, rows_at
from agency.admin.filters import EndingFilter, ending_soon
from agency.models import PoolingRegion
from members.selectors.ending import last_disease_registrations, last_out_of_area_registrations


class EndingRegistrationFilter(EndingFilter):
    """Registrations of diseases that end soon."""

    def ending(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=last_disease_registrations(ending_soon()).values("pk"))


class EndingOutOfAreaFilter(EndingFilter):
    """Members whose registration for care outside the region ends soon."""

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("out-of-area registration ends soon"))]

    def ending(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(Exists(last_out_of_area_registrations(ending_soon()).filter(member=OuterRef("pk"))))


def _ending_registrations(user: Any, regions: Sequence[PoolingRegion]) -> Iterable[Counted]:
    def said(count: int, sentence: str, model: str) -> Alert:
        facts = {"count": in_words(count), "days": settings.EXPIRY_NOTICE_DAYS}
        return Alert(sentence % facts, count, "warning", rows_at(model, regions, ending="soon"))

    def of_diseases(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s registration of a disease ends within %(days)s days, and no other follows.",
            "%(count)s registrations of diseases end within %(days)s days, and no others follow.",
            count,
        )
        return said(count, sentence, "members_diseaseregistration")

    def out_of_area(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s out-of-area registration ends within %(days)s days, and no other follows.",
            "%(count)s out-of-area registrations end within %(days)s days, and no others follow.",
            count,
        )
        return said(count, sentence, "members_member")

    ends = ending_soon()
    yield Counted(last_disease_registrations(ends).filter(member__region__in=regions), of_diseases)
    yield Counted(last_out_of_area_registrations(ends).filter(member__region__in=regions), out_of_area)


WATCHES = (Watch(60, "members.view_diseaseregistration", _ending_registrations),)
