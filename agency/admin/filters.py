"""Filters that several lists share."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from agency.admin.permissions import permitted_regions
from agency.scoping import region_path_of, view_permission_of

# No region has this key.
_NOWHERE = 0


class RegionFilter(SimpleListFilter):
    """By pooling region, among those whose rows the person sees in this list; not offered where that is only one."""

    title = _("pooling region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = list(permitted_regions(request.user, view_permission_of(model_admin.model)))
        # The database knows how many rows a region's number has, and nothing of its name.
        self._numbers = {region.slug: region.pk for region in seen}
        return [(region.slug, str(region)) for region in seen] if len(seen) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        path = region_path_of(queryset.model).removesuffix("?")
        return queryset.filter(**{path: self._numbers.get(self.value() or "", _NOWHERE)})


def ending_soon(field: str = "period") -> dict[str, date]:
    """What a period fulfils whose last day is today or within the days that the office wants to know of ahead."""
    today = localdate()
    # The end that is kept is the day after the last.
    return {
        f"{field}__endswith__gt": today,
        f"{field}__endswith__lte": today + timedelta(days=settings.EXPIRY_NOTICE_DAYS + 1),
    }


class EndingFilter(SimpleListFilter):
    """By what ends soon: home leads here. A list says in `ending` which of its rows do."""

    title = _("end")
    parameter_name = "ending"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("ends soon"))]

    def ending(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.ending(queryset) if self.value() == "soon" else queryset
