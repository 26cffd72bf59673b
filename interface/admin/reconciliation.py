"""Both sides' books by provider and days, the rows that differ, and the decision about each."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.base import ComposedAdmin
from agency.admin.fields import TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, day, link
from agency.admin.forms import DeskForm
from agency.admin.panels import RowsPanel, Table, TablesPanel
from agency.admin.views import page_url
from interface.models import Reconciliation, ReconciliationRow, RowKind
from interface.services.reconciling import decide_difference, standing_of

TONES: dict[str, str] = {
    RowKind.HERE_ONLY.value: "warning",
    RowKind.THERE_ONLY.value: "danger",
    RowKind.DIFFERENT.value: "warning",
}


def days_of(row: Reconciliation) -> str:
    """One day, or the first and the last."""
    return _days(row.first_day, row.last_day)


def _days(first: Any, last: Any) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def agreement(row: Reconciliation) -> Any:
    """Whether the totals are the same on both sides."""
    return badge(_("agrees"), "success") if row.agrees else badge(_("differs"), "warning")


def _agreement(*amounts: Any) -> Any:
    return _("agrees") if amounts[:4] == amounts[4:] else _("differs")


_SIDES = tuple(f"{side}_{name}" for side in ("their", "our") for name in ("total", "fund", "account", "settlements"))


class TotalsPanel(TablesPanel):
    """What each side adds up."""

    name = "totals"
    title = gettext_lazy("Totals of both sides")
    tab = False

    def tables(self) -> list[Table]:
        row = self.obj
        names = ((_("Bills"), "total"), (_("From the funds"), "fund"), (_("From accounts"), "account"))
        lines: list[Any] = [(what, getattr(row, f"their_{name}"), getattr(row, f"our_{name}")) for what, name in names]
        columns = (
            column.text(lambda line: line[0], _("What")),
            column.yuan(lambda line: line[1], _("The provider")),
            column.yuan(lambda line: line[2], _("We")),
            column.yuan(lambda line: line[1] - line[2], _("Difference")),
        )
        counted = (
            column.text(lambda line: line[0], _("What")),
            column.number(lambda line: line[1], _("The provider")),
            column.number(lambda line: line[2], _("We")),
            column.number(lambda line: line[1] - line[2], _("Difference")),
        )
        counts = [(_("Settlements"), row.their_settlements, row.our_settlements)]
        return [Table.of(lines, columns), Table.of(counts, counted)]


def decision_of(row: ReconciliationRow) -> Any:
    """What somebody decided, or that it waits."""
    return _decision(row.agrees, row.finding)


def _decision(agrees: bool, finding: str) -> Any:
    if finding:
        return finding
    return badge(_("agrees by now"), "success") if agrees else badge(_("to be decided"), "warning")


class DifferencesPanel(RowsPanel):
    name = "differences"
    title = gettext_lazy("Differing rows")
    tab = False
    permission = "interface.view_reconciliationrow"
    empty = gettext_lazy("No row differs.")
    columns = (
        column.text("setl_id").leading(),
        column.badge("kind", TONES),
        column.text("mdtrt_id"),
        column.yuan("their_total"),
        column.yuan("our_total"),
        column.yuan("their_fund"),
        column.yuan("our_fund"),
        column.text(decision_of, gettext_lazy("decision")),
    )

    def rows(self) -> Any:
        return self.obj.rows.order_by("pk")


@admin.register(Reconciliation)
class ReconciliationAdmin(ComposedAdmin):
    panels = (TotalsPanel, DifferencesPanel)
    list_display = (
        "days",
        "provider_name",
        "their_yuan",
        "our_yuan",
        "their_count",
        "our_count",
        "outcome",
        "compared",
    )
    list_filter = (RegionFilter,)
    list_select_related = ("provider__region",)
    search_fields = ("provider__code__exact", "provider__name__startswith")
    search_help_text = gettext_lazy("Provider code or beginning of its name")
    ordering = ("-last_day", "-id")
    fieldsets = ((None, {"fields": (("provider_link", "days"), ("outcome", "compared"))}),)

    days = column.text(days_of, gettext_lazy("days")).filed_from(_days, "first_day", "last_day")
    provider_name = column.text("provider")
    provider_link = column.link("provider")
    their_yuan = column.yuan("their_total")
    our_yuan = column.yuan("our_total")
    their_count = column.number("their_settlements")
    our_count = column.number("our_settlements")
    outcome = column.text(agreement, gettext_lazy("outcome")).filed_from(_agreement, *_SIDES)
    compared = column.instant("compared_at")


class DecidedFilter(SimpleListFilter):
    title = gettext_lazy("decision")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to be decided")), ("done", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By whether somebody has decided."""
        if self.value() == "open":
            return queryset.filter(decided_by__isnull=True, agrees=False)
        return queryset.filter(decided_by__isnull=False) if self.value() == "done" else queryset


class DecisionForm(DeskForm):
    """What a difference is; with the amounts that the person sees beside it."""

    finding = TextField(
        label=gettext_lazy("What was found"),
        max_length=300,
        help_text=gettext_lazy("Which side is right, and who puts the other right."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        """Remember what the person looks at."""
        super().__init__(*args, **options)
        if isinstance(self.obj, ReconciliationRow):
            self.fields["seen"].initial = standing_of(self.obj)


def waits(row: ReconciliationRow, user: Any) -> bool:
    """Nobody has decided, and it still differs."""
    return row.decided_by_id is None and not row.agrees


@admin.register(ReconciliationRow)
class ReconciliationRowAdmin(ComposedAdmin):
    buttons = ("decide",)
    list_display = ("setl_id", "kind_label", "reconciliation_link", "mdtrt_id", "their_yuan", "our_yuan", "decision")
    list_filter = (RegionFilter, DecidedFilter, "kind")
    list_select_related = ("reconciliation__provider__region",)
    search_fields = ("setl_id__exact", "mdtrt_id__exact", "reconciliation__provider__code__exact")
    search_help_text = gettext_lazy("Settlement's number, visit number or provider code")
    ordering = ("-reconciliation_id", "id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("reconciliation_link", "kind_label"),
                    ("mdtrt_id", "claim_link"),
                    ("their_yuan", "our_yuan"),
                    ("their_from_fund", "our_from_fund"),
                    ("their_from_account", "our_from_account"),
                    ("decision", "decider", "decided"),
                )
            },
        ),
    )

    kind_label = column.badge("kind", TONES)
    reconciliation_link = column.link("reconciliation")
    their_yuan, our_yuan = column.yuan("their_total"), column.yuan("our_total")
    their_from_fund, our_from_fund = column.yuan("their_fund"), column.yuan("our_fund")
    their_from_account, our_from_account = column.yuan("their_account"), column.yuan("our_account")
    decision = column.text(decision_of, gettext_lazy("decision")).filed_from(_decision, "agrees", "finding")
    decider = column.text("decided_by")
    decided = column.instant("decided_at")
    claim_link = column.text(
        lambda row: link(page_url(row.settlement.claim), row.settlement.claim) if row.settlement else NOTHING,
        gettext_lazy("claim"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        return (
            super().get_queryset(request).select_related("settlement__claim", "decided_by", "reconciliation__provider")
        )

    @form_action(
        gettext_lazy("Decide"),
        permission="interface.change_reconciliationrow",
        form=DecisionForm,
        icon="fact_check",
        primary=True,
        applies=waits,
        description=gettext_lazy(
            "Nothing is changed by it. What has to be taken back is taken back by the provider, or on the claim."
        ),
    )
    def decide(self, request: DeskRequest, row: ReconciliationRow, data: dict[str, Any]) -> str:
        decide_difference(row, **data, actor=request.user)
        return _("The decision is recorded.")
