"""Instruments, their articles, diseases."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.base import ComposedAdmin
from agency.admin.fields import DayField, RegionField, TextField, UploadField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, link
from agency.admin.forms import DeskForm
from agency.admin.papers import shown_file
from agency.admin.views import page_url, row_view
from agency.content import ContentType
from policies.admin.panels import ArticlesPanel
from policies.engine.vocabulary import ArticleClass
from policies.models import Article, Disease, Instrument, PolicyVersion, VersionState
from policies.services import instruments as service

CLASS_TONES: dict[str, str] = {
    ArticleClass.RULE.value: "success",
    ArticleClass.PROCEDURE.value: "info",
    ArticleClass.NOT_IMPLEMENTED.value: "",
}


class DocumentForm(DeskForm):
    """A document that holds law, before a draft rests on it."""

    region = RegionField()
    number = TextField(
        label=gettext_lazy("Document number"), max_length=64, help_text=gettext_lazy("such as 平政办发〔2022〕88号")
    )
    title = TextField(label=gettext_lazy("Title"), max_length=200)
    issued_on = DayField(label=gettext_lazy("Issued on"))
    content = UploadField(label=gettext_lazy("Document as PDF"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Text of its articles"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "Typed or pasted; each article begins at the start of a line with its name and a blank: 第一条 …. Cited"
            " words are looked for in it."
        ),
    )


class ArticlesForm(DeskForm):
    text = forms.CharField(
        label=gettext_lazy("Text of its articles"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16}),
        help_text=gettext_lazy("Each article begins at the start of a line with its name and a blank: 第一条 …"),
    )


def _has_no_text(instrument: Instrument, user: Any) -> bool:
    return not instrument.articles.exclude(text="").exists()


def _newest_law(instrument: Instrument) -> PolicyVersion | None:
    """The version from which a draft on this document would be made."""
    law = PolicyVersion.objects.filter(region_id=instrument.region_id, state=VersionState.PUBLISHED)
    return law.order_by("-period").first()


def _may_rest_a_draft(instrument: Instrument, user: Any) -> bool:
    law = _newest_law(instrument)
    return law is not None and law.instrument_id != instrument.pk


@row_view("file/", name="file")
def document_file(page: Any, request: HttpRequest, instrument: Instrument) -> HttpResponseBase:
    """The document as the browser shows it."""
    if not instrument.file:
        raise Http404
    return shown_file(instrument.file, f"{instrument.number}.pdf", ContentType.PDF, digest=instrument.digest)


@admin.register(Instrument)
class InstrumentAdmin(ComposedAdmin):
    """Documents by their numbers; a new one is entered before a draft rests on it."""

    adds_with = "enter"
    buttons = ("draft_on_it", "enter_text")
    views = (document_file,)
    panels = (ArticlesPanel,)
    list_display = ("number", "title", "region", "issued")
    list_filter = (RegionFilter,)
    list_select_related = ("region",)
    search_fields = ("number__contains", "title__contains")
    ordering = ("region_id", "number")
    fields = (("number", "region"), "title", ("issued", "paper"), "entered_by")

    issued = column.day("issued_on")

    @display(description=gettext_lazy("file"))
    def paper(self, instrument: Instrument) -> Any:
        """The way to its PDF."""
        return link(page_url(instrument, "file"), f"{instrument.number}.pdf") if instrument.file else NOTHING

    @form_action(
        gettext_lazy("Enter a document"),
        permission="policies.add_instrument",
        form=DocumentForm,
        description=gettext_lazy("First the document, then the draft that rests on it."),
    )
    def enter(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        entered = service.enter_instrument(data.pop("region"), **data, actor=request.user)
        return Done(_("%(number)s was entered.") % {"number": entered.number}, entered)

    @form_action(
        gettext_lazy("Enter its text"),
        permission="policies.change_instrument",
        form=ArticlesForm,
        icon="notes",
        applies=_has_no_text,
        description=gettext_lazy("Explanations then show the whole clause, and cited words are looked for in it."),
    )
    def enter_text(self, request: DeskRequest, instrument: Instrument, data: dict[str, Any]) -> str:
        kept = service.keep_text(instrument, data["text"])
        return ngettext("%(count)s article is kept.", "%(count)s articles are kept.", kept) % {"count": kept}

    @link_action(
        gettext_lazy("Draft a version that rests on it"),
        permission="policies.change_policyversion",
        icon="edit_document",
        primary=True,
        applies=_may_rest_a_draft,
    )
    def draft_on_it(self, request: HttpRequest, instrument: Instrument) -> str:
        law = _newest_law(instrument)
        if law is None:
            raise Http404
        return f"{page_url(law, 'draft')}?instrument={instrument.pk}"


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
