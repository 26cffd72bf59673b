"""What was settled anew: recovered from members, paid to them, or carried by a provider's statement."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, day, link, yuan
from agency.admin.panels import Table, TablesPanel
from agency.admin.views import page_url
from claims.models import BatchYear, Resettlement, Reversal, ReversalState, Settlement, SettlementChannel
from claims.rooms_above import is_in_payment, rooms_above
from policies.admin.refusals import OF_THE_LAW

_TO_DO = ("payee", "was_paid_out", "difference", "recovered_on", "is_in_payment")


def whereabouts(each: Any) -> str:
    """What is to be done about the difference of a re-settlement of `asked_whether_paid`."""
    return _whereabouts(*(getattr(each, name) for name in _TO_DO))


def asked_whether_paid(rows: QuerySet[Resettlement]) -> QuerySet[Resettlement]:
    """The same with what rooms above have to say."""
    return rows.annotate(is_in_payment=is_in_payment())


def _whereabouts(
    payee: str, was_paid_out: bool, difference: Decimal, recovered_on: date | None, is_in_payment: bool
) -> str:
    if payee == SettlementChannel.DIRECT:
        return badge(_("in the provider's statement"), "info")
    if not was_paid_out or not difference:
        return badge(_("nothing was paid out yet") if difference else _("nothing"), "")
    answers = (room.to_do_about(difference, recovered_on, is_in_payment=is_in_payment) for room in rooms_above())
    return next((badge(to_do.text, to_do.tone) for to_do in answers if to_do is not None), NOTHING)


class ConsequencesPanel(TablesPanel):
    """On a reversal's page: each settlement that goes with it, before and after."""

    name = "consequences"
    title = gettext_lazy("What it changes")
    tab = False
    permission = "claims.view_settlement"

    def tables(self) -> list[Table]:
        """As it was asked for; once approved, also what became of it."""
        reversal: Reversal = self.obj
        tables = [
            intended(
                reversal.plan,
                caption=_("Settled anew with it, because they rest on what it used"),
                empty=_("No other settlement of the year comes out otherwise."),
            )
        ]
        if reversal.state == ReversalState.APPROVED:
            tables.append(done(reversal))
        return tables


def intended(plan: Sequence[dict[str, Any]], *, caption: str, empty: str) -> Table:
    """The lines of a plan, each with its amounts before and after."""
    before = Settlement.objects.select_related("claim").in_bulk([line["settlement"] for line in plan])
    columns = (
        column.text(lambda line: link(page_url(_claim(before, line)), _claim(before, line)), _("Claim")),
        column.day(lambda line: before[line["settlement"]].served_on, _("Served on")),
        column.yuan(lambda line: line["before"]["deductible"], _("Deductible before")),
        column.text(lambda line: _after(line, "deductible"), _("Deductible after"), is_figure=True),
        column.yuan(lambda line: line["before"]["pooled"], _("Pooled payment before")),
        column.text(lambda line: _after(line, "pooled"), _("Pooled payment after"), is_figure=True),
        column.text(lambda line: _after(line, "patient_share"), _("Patient's share after"), is_figure=True),
        column.yuan(lambda line: line["difference"], _("Difference")),
    )
    return Table.of(plan, columns, caption=caption, empty=empty)


def _claim(before: dict[int, Settlement], line: dict[str, Any]) -> Any:
    return before[line["settlement"]].claim


def _after(line: dict[str, Any], name: str) -> str:
    return yuan(line["after"][name]) if "after" in line else _("refused")


def done(origin: Reversal | BatchYear) -> Table:
    """What became of it, and of the money."""
    columns = (
        column.text("claim").leading(),
        column.text(lambda each: f"#{each.before_id}", _("Settlement before")),
        column.text(lambda each: f"#{each.after_id}" if each.after_id else NOTHING, _("Settlement after")),
        column.yuan("difference"),
        column.text(whereabouts, _("To do")),
    )
    rows = asked_whether_paid(origin.resettlements.select_related("claim").order_by("pk"))
    return Table.of(rows, columns, caption=_("What was done"))


@admin.register(Resettlement)
class ResettlementAdmin(ComposedAdmin):
    refusals = OF_THE_LAW
    list_display = ("title", "claim_link", "member", "difference_yuan", "to_do")
    list_filter = (RegionFilter, "payee")
    list_select_related = ("claim__member",)
    search_fields = ("claim__claim_number__exact", "claim__member__member_number__exact")
    search_help_text = gettext_lazy("Claim or member number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claim_link", "to_do"),
                    ("member", "asked_with"),
                    ("before", "after"),
                    ("difference_yuan", "payee"),
                    ("recovered", "recovery_reference"),
                )
            },
        ),
    )

    title = column.serial()
    claim_link = column.link("claim")
    member = column.link("claim__member")
    asked_with = column.text("decision", gettext_lazy("reversal or batch")).leading("decision")
    difference_yuan = column.yuan("difference")
    to_do = column.text(whereabouts, gettext_lazy("to do")).filed_from(_whereabouts, *_TO_DO)

    def get_queryset(self, request: HttpRequest) -> Any:
        named = (
            "claim__member__region",
            "claim__provider",
            "before__claim",
            "after__claim",
            "reversal__settlement__claim",
        )
        rows = super().get_queryset(request)
        return asked_whether_paid(rows).select_related(*named, "batch_year__batch__version__region", "recovered_by")

    @display(description=gettext_lazy("recovered on"))
    def recovered(self, each: Resettlement) -> str:
        """The day, and who recorded it."""
        return f"{day(each.recovered_on)} · {each.recovered_by}" if each.recovered_on else NOTHING
