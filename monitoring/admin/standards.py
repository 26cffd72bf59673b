"""The limits from which an office looks."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, as_it_is, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import CountField, RegionField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from monitoring.models import MonitoringStandard
from monitoring.services.standards import Limits, set_standard


class LimitsForm(ReasonedForm):
    """From where on the office looks."""

    minutes = CountField(
        label=gettext_lazy("Minutes between two visits, at most"), min_value=1, max_value=1440, initial=60
    )
    kilometres = CountField(
        label=gettext_lazy("Kilometres between their providers, at least"), min_value=1, max_value=5000, initial=50
    )
    consecutive_days = CountField(
        label=gettext_lazy("Days in a row with visits, more than"), min_value=1, max_value=366, initial=5
    )
    visits_a_day = CountField(
        label=gettext_lazy("Bills of one provider on a day, more than"), min_value=1, max_value=100, initial=2
    )
    payments = CountField(
        label=gettext_lazy("Account payments at one pharmacy, at least"), min_value=2, max_value=1000, initial=5
    )
    payment_days = CountField(label=gettext_lazy("Within so many days"), min_value=1, max_value=366, initial=7)
    payments_yuan = YuanField(
        label=gettext_lazy("Together, yuan, at least"), min_value=Decimal("0.01"), initial=Decimal("1000.00")
    )


class NewLimitsForm(LimitsForm):
    """The limits of a region that may have none yet."""

    field_order = ("region",)
    region = RegionField()


@admin.register(MonitoringStandard)
class MonitoringStandardAdmin(TrackedAdmin):
    adds_with = "set_limits"
    buttons = ("change_limits",)
    list_display = ("title", "visits_far_apart", "consecutive_days", "visits_a_day", "cash_out")
    list_filter = (RegionFilter,)
    list_select_related = ("region",)
    search_fields = ("region__name__startswith", "region__name_en__istartswith")
    search_help_text = gettext_lazy("Beginning of the region's name")
    ordering = ("region_id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "region",
                    ("minutes", "kilometres"),
                    ("consecutive_days", "visits_a_day"),
                    ("payments", "payment_days"),
                    "yuan_together",
                )
            },
        ),
    )

    title = column.text()
    yuan_together = column.yuan("payments_yuan")

    @display(description=gettext_lazy("two visits far apart"))
    def visits_far_apart(self, standard: MonitoringStandard) -> str:
        limits = {"minutes": standard.minutes, "kilometres": standard.kilometres}
        return _("%(kilometres)s km or more within %(minutes)s minutes") % limits

    @display(description=gettext_lazy("account payments at one pharmacy"))
    def cash_out(self, standard: MonitoringStandard) -> str:
        limits = {
            "payments": standard.payments,
            "days": standard.payment_days,
            "yuan": f"{standard.payments_yuan:,.2f}",
        }
        return _("%(payments)s or more within %(days)s days, together %(yuan)s yuan or more") % limits

    @form_action(
        gettext_lazy("Set a region's limits"),
        permission="monitoring.change_monitoringstandard",
        form=NewLimitsForm,
        description=gettext_lazy("No regulation names them: each office sets its own. The next search looks by them."),
    )
    def set_limits(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        return self._set(request, data.pop("region"), data)

    @form_action(
        gettext_lazy("Change the limits"),
        permission="monitoring.change_monitoringstandard",
        form=LimitsForm,
        initial=as_it_is(*(field.name for field in fields(Limits))),
        icon="edit",
        primary=True,
        description=gettext_lazy("The next search looks by them. Flags that were raised stay."),
    )
    def change_limits(self, request: DeskRequest, standard: MonitoringStandard, data: dict[str, Any]) -> Done:
        return self._set(request, standard.region, data)

    def _set(self, request: DeskRequest, region: Any, data: dict[str, Any]) -> Done:
        reason = data.pop("reason")
        return Done(_("The limits are set."), set_standard(region, Limits(**data), actor=request.user, reason=reason))
