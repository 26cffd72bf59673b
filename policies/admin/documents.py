"""Instruments, their articles, diseases, average pensions."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, as_it_is, form_action
from agency.admin.base import ComposedAdmin, TrackedAdmin
from agency.admin.fields import CountField, RegionField, SwitchField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from policies.admin.panels import ArticlesPanel
from policies.admin.refusals import OF_THE_LAW
from policies.engine.vocabulary import ArticleClass
from policies.models import Article, AveragePension, Disease, Instrument
from policies.services.pensions import record_average_pension

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


class PensionFigureForm(ReasonedForm):
    monthly = YuanField(label=gettext_lazy("Yuan a month"), min_value=Decimal("0.01"))
    is_final = SwitchField(
        label=gettext_lazy("Final"),
        help_text=gettext_lazy("Provisional until then; with the final figure the differences are credited."),
    )
    source = TextField(label=gettext_lazy("Document"), max_length=200, required=False)


class PensionForm(PensionFigureForm):
    """A year's average of a region."""

    field_order = ("region", "year", "monthly", "is_final", "source", "reason")
    region = RegionField()
    year = CountField(label=gettext_lazy("Year"), min_value=1990, max_value=2100)


@admin.register(AveragePension)
class AveragePensionAdmin(TrackedAdmin):
    """Average pensions by region and year."""

    refusals = OF_THE_LAW
    adds_with = "record"
    buttons = ("correct",)
    list_display = ("year", "region", "monthly_yuan", "is_final", "source")
    list_filter = (RegionFilter, "is_final")
    list_select_related = ("region",)
    search_fields = ("=year", "source__contains")
    ordering = ("region_id", "-year")
    fields = (("region", "year"), ("monthly_yuan", "is_final"), "source")

    monthly_yuan = column.yuan("monthly")

    @form_action(
        gettext_lazy("Record an average pension"),
        permission="policies.add_averagepension",
        form=PensionForm,
        description=gettext_lazy(
            "Months already credited on that year's average are looked at again by the next credit run."
        ),
    )
    def record(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        """Add a year, or correct it."""
        pension = record_average_pension(**data, actor=request.user)
        return Done(_("The average pension is recorded."), pension)

    @form_action(
        gettext_lazy("Record another figure"),
        permission="policies.change_averagepension",
        form=PensionFigureForm,
        initial=as_it_is("monthly", "is_final", "source"),
        icon="edit",
        description=gettext_lazy(
            "Months already credited on that year's average are looked at again by the next credit run."
        ),
    )
    def correct(self, request: DeskRequest, pension: AveragePension, data: dict[str, Any]) -> str:
        """The final figure after the provisional one, or a correction."""
        record_average_pension(pension.region, year=pension.year, **data, actor=request.user)
        return _("The average pension is recorded.")
