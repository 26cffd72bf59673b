"""Average pensions: submitted by a policy officer beside the figures before, approved by another person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, as_it_is, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import REASON_LENGTH, CountField, RegionField, SwitchField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, percent
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.moves import move_button
from policies.admin.refusals import OF_THE_LAW
from policies.models import UNUSUAL_CHANGE, AveragePension, PensionState
from policies.services import pensions as service

_TRUE_UPS = gettext_lazy(
    "Months already credited on that year's average are looked at again by the next credit run after the approval."
)


class PensionFigureForm(ReasonedForm):
    monthly = YuanField(label=gettext_lazy("Yuan a month"), min_value=Decimal("0.01"))
    is_final = SwitchField(
        label=gettext_lazy("Final"),
        help_text=gettext_lazy("Provisional until then; with the final figure the differences are credited."),
    )
    source = TextField(label=gettext_lazy("Document"), max_length=200, required=False)
    confirmed_reason = TextField(
        label=gettext_lazy("Yes, the unusual figure is right, because"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=format_lazy(
            gettext_lazy("Only where it differs from the figures before by more than {share}."),
            share=percent(UNUSUAL_CHANGE),
        ),
    )


class PensionForm(PensionFigureForm):
    """A year's average of a region."""

    field_order = ("region", "year", "monthly", "is_final", "source", "confirmed_reason", "reason")
    region = RegionField()
    year = CountField(label=gettext_lazy("Year"), min_value=1990, max_value=2100)


class ApprovePensionForm(DecisionForm):
    """An unusual figure is approved with a reason, too."""

    obj: AveragePension

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = bool(self.obj.confirmed_reason)

    @property
    def sentences(self) -> Sequence[Any]:
        """What whoever submitted it was asked to confirm, and the answer."""
        doubt = service.unusual_change(self.obj)
        return (
            (doubt, _("Confirmed by whoever submitted it: %(reason)s") % {"reason": self.obj.confirmed_reason})
            if doubt
            else ()
        )


def _is_in_force(pension: AveragePension, user: Any) -> bool:
    return pension.state == PensionState.APPROVED


def _compared(times: Decimal | None, before: Decimal | None, year: int | None) -> str:
    """A figure before, and how many times it the new one is; coloured where that is unusual."""
    if times is None or before is None:
        return NOTHING
    facts = {"times": f"{times:.2f}", "year": year, "before": f"{before:,.2f}"}
    sentence = _("%(times)s times the figure of %(year)s, %(before)s yuan") % facts
    return badge(sentence, "warning") if abs(times - 1) > UNUSUAL_CHANGE else sentence


@admin.register(AveragePension)
class AveragePensionAdmin(TrackedAdmin):
    """Average pensions by region and year."""

    refusals = OF_THE_LAW
    adds_with = "record"
    buttons = ("approve", "refuse", "correct")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("year", "region", "monthly_yuan", "is_final", "source", "state_label")
    list_filter = (RegionFilter, "state", "is_final")
    list_select_related = ("region",)
    search_fields = ("=year", "source__contains")
    ordering = ("region_id", "-year", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("region", "state_label"),
                    ("year", "source"),
                    ("monthly_yuan", "is_final"),
                    ("beside_the_year_before", "beside_the_figure_before"),
                    ("reason", "confirmed_reason"),
                )
            },
        ),
    )

    monthly_yuan = column.yuan("monthly")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("region", "submitted_by", "decided_by")

    @display(description=gettext_lazy("beside the year before"))
    def beside_the_year_before(self, pension: AveragePension) -> str:
        return _compared(pension.times_the_year_before, pension.earlier_monthly, pension.earlier_year)

    @display(description=gettext_lazy("beside the year's figure before"))
    def beside_the_figure_before(self, pension: AveragePension) -> str:
        return _compared(pension.times_the_figure_before, pension.monthly_before, pension.year)

    @form_action(
        gettext_lazy("Record an average pension"),
        permission="policies.add_averagepension",
        form=PensionForm,
        description=gettext_lazy(
            "It is compared with the figures before, and holds once another person has approved it. A figure of a "
            "year that has one already takes its place then."
        ),
    )
    def record(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        """Add a year, or correct it."""
        return self._submitted(request, data)

    @form_action(
        gettext_lazy("Record another figure"),
        permission="policies.add_averagepension",
        form=PensionFigureForm,
        initial=as_it_is("monthly", "is_final", "source"),
        icon="edit",
        applies=_is_in_force,
        description=gettext_lazy("It takes the place of this one once another person has approved it."),
    )
    def correct(self, request: DeskRequest, pension: AveragePension, data: dict[str, Any]) -> Done:
        """The final figure after the provisional one, or a correction."""
        return self._submitted(request, {"region": pension.region, "year": pension.year, **data})

    def _submitted(self, request: DeskRequest, data: dict[str, Any]) -> Done:
        pension = service.submit_average_pension(**data, today=localdate(), actor=request.user)
        return Done(_("The average pension waits for another person's decision."), pension)

    @move_button(AveragePension, "approve", form=ApprovePensionForm, description=_TRUE_UPS)
    def approve(self, request: DeskRequest, pension: AveragePension, data: dict[str, Any]) -> str:
        service.approve_average_pension(pension, actor=request.user, **data)
        return _("The average pension is approved.")

    @move_button(AveragePension, "refuse", description=gettext_lazy("The year stays as it is."))
    def refuse(self, request: DeskRequest, pension: AveragePension, data: dict[str, Any]) -> str:
        service.refuse_average_pension(pension, actor=request.user, **data)
        return _("The average pension was refused.")
