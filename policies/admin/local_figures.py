"""Local figures: proposed by a policy officer with the document that sets them, approved by another person."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import DecimalField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, RegionField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from agency.admin.moves import move_button
from policies.admin.filling import written_value
from policies.admin.refusals import OF_THE_LAW
from policies.engine.vocabulary import ALL
from policies.models import FigureKind, LocalFigure
from policies.services import figures as service


def _choices(name: str) -> Any:
    return LocalFigure._meta.get_field(name).choices  # type: ignore[union-attr]


class FigureForm(ReasonedForm):
    """A figure, the days in which it holds, and where it stands."""

    field_order = (
        "region",
        "kind",
        "benefit",
        "tier",
        "status",
        "value",
        "first_day",
        "last_day",
        "document_number",
        "article",
        "phrase",
        "reason",
    )
    region = RegionField()
    kind = ChoiceField(label=gettext_lazy("Figure"), choices=FigureKind.choices)
    benefit = ChoiceField(label=gettext_lazy("Of"), choices=_choices("benefit"))
    tier = ChoiceField(label=gettext_lazy("Tier"), choices=_choices("tier"), initial=ALL)
    status = ChoiceField(label=gettext_lazy("Status"), choices=_choices("status"), initial=ALL)
    value = DecimalField(
        label=gettext_lazy("Value"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=gettext_lazy("Yuan for a deductible or a ceiling, percent for a rate."),
    )
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it is open.")
    )
    document_number = TextField(label=gettext_lazy("Document number"), max_length=64)
    article = TextField(label=gettext_lazy("Article"), max_length=32)
    phrase = TextField(
        label=gettext_lazy("Phrase"),
        max_length=80,
        help_text=gettext_lazy("The few words of the document that set the figure."),
    )

    def clean(self) -> dict[str, Any]:
        """A rate is entered in percent and kept as a fraction."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        percent = data.get("value")
        if data.get("kind") == FigureKind.RATE and percent is not None:
            data["value"] = percent / 100
            if percent > 100:
                self.add_error("value", _("A rate lies between 0 and 100 percent."))
        return data


class EndFigureForm(ReasonedForm):
    """The last day on which the figure holds."""

    last_day = DayField(label=gettext_lazy("Last day"))


@admin.register(LocalFigure)
class LocalFigureAdmin(TrackedAdmin):
    """Figures by region and benefit."""

    refusals = OF_THE_LAW
    adds_with = "propose"
    buttons = ("approve", "refuse", "end")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = (
        "benefit",
        "kind",
        "tier",
        "status",
        "figure_yuan",
        "in_force",
        "region",
        "document_number",
        "state_label",
    )
    list_filter = (RegionFilter, "state", "kind")
    list_select_related = ("region",)
    search_fields = ("document_number__contains",)
    search_help_text = gettext_lazy("Part of the document number")
    ordering = ("region_id", "benefit", "kind", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("region", "state_label"),
                    ("kind", "benefit"),
                    ("tier", "status"),
                    ("figure_yuan", "in_force"),
                    ("document_number", "article"),
                    "phrase",
                )
            },
        ),
    )

    figure_yuan = column.text(written_value, gettext_lazy("value"))
    in_force = column.days("period")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("region", "submitted_by", "decided_by")

    @form_action(
        gettext_lazy("Propose a local figure"),
        permission="policies.add_localfigure",
        form=FigureForm,
        description=gettext_lazy(
            "For what the regulation leaves to another document. It holds once another person has approved it, and "
            "never replaces a figure that the regulation gives."
        ),
    )
    def propose(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        kind = FigureKind(data.pop("kind"))
        region = data.pop("region")
        figure = service.propose_local_figure(region, kind=kind, **data, actor=request.user)
        return Done(_("The figure waits for another person's decision."), figure)

    @move_button(
        LocalFigure,
        "approve",
        description=gettext_lazy("Claims of its days are then settled with it. It never changes; it can only end."),
    )
    def approve(self, request: DeskRequest, figure: LocalFigure, data: dict[str, Any]) -> str:
        service.approve_local_figure(figure, actor=request.user, **data)
        return _("The figure is approved.")

    @move_button(LocalFigure, "refuse", description=gettext_lazy("The figure stays unset."))
    def refuse(self, request: DeskRequest, figure: LocalFigure, data: dict[str, Any]) -> str:
        service.refuse_local_figure(figure, actor=request.user, **data)
        return _("The figure was refused.")

    @move_button(LocalFigure, "end", form=EndFigureForm, description=gettext_lazy("The last day still counts."))
    def end(self, request: DeskRequest, figure: LocalFigure, data: dict[str, Any]) -> str:
        service.end_local_figure(figure, **data, actor=request.user)
        return _("The figure ends with that day.")
