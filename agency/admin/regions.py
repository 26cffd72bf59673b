"""Pooling regions: they come with their packs."""

from django.contrib import admin

from agency.admin.base import HouseAdmin
from agency.models import PoolingRegion


@admin.register(PoolingRegion)
class PoolingRegionAdmin(HouseAdmin):
    """The regions, read-only."""

    list_display = ("name", "name_en", "admdvs", "slug")
    search_fields = ("name__startswith", "name_en__istartswith", "=slug", "=admdvs")
    search_help_text = None
    fields = ("name", "name_en", "admdvs", "slug")
