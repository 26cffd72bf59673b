"""Filters that several lists share."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agency.admin.permissions import permitted_regions
from agency.scoping import region_path_of, view_permission_of


class RegionFilter(SimpleListFilter):
    """By pooling region, among those whose rows the person sees in this list; not offered where that is only one."""

    title = _("pooling region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = permitted_regions(request.user, view_permission_of(model_admin.model))
        regions = [(region.slug, str(region)) for region in seen]
        return regions if len(regions) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        path = region_path_of(queryset.model).removesuffix("?")
        return queryset.filter(**{"slug" if path == "pk" else f"{path}__slug": self.value()})
