"""Instruments, their articles, diseases."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from policies.admin.panels import ArticlesPanel
from policies.engine.vocabulary import ArticleClass
from policies.models import Article, Disease, Instrument

CLASS_TONES: dict[str, str] = {
    ArticleClass.RULE.value: "success",
    ArticleClass.PROCEDURE.value: "info",
    ArticleClass.NOT_IMPLEMENTED.value: "",
}


@admin.register(Instrument)
class InstrumentAdmin(ComposedAdmin):
    panels = (ArticlesPanel,)
    list_display = ("number", "title", "region", "issued")
    list_filter = (RegionFilter,)
    list_select_related = ("region",)
    search_fields = ("number__contains", "title__contains")
    ordering = ("region_id", "number")
    fields = (("number", "region"), "title", "issued")

    issued = column.day("issued_on")


@admin.register(Article)
class ArticleAdmin(ComposedAdmin):
    """Every article and what the software makes of it."""

    list_display = ("number", "instrument", "region", "class_label", "note")
    list_filter = ("classification", RegionFilter)
    list_select_related = ("instrument__region",)
    search_fields = ("=number", "note__contains")
    ordering = ("instrument_id", "position")
    fields = (("number", "instrument"), "class_label", "note", "text")

    region = column.text("instrument__region")
    class_label = column.badge("classification", CLASS_TONES)


@admin.register(Disease)
class DiseaseAdmin(ComposedAdmin):
    """The regions' catalogues of diseases, by national code."""

    list_display = ("code", "name", "region")
    list_filter = (RegionFilter,)
    list_select_related = ("region",)
    search_fields = ("code__istartswith", "name__contains")
    search_help_text = gettext_lazy("Beginning of the national code, or part of the name")
    ordering = ("region_id", "code")
    fields = (("code", "region"), "name")
