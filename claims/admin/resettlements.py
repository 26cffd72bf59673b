"""What reversals changed elsewhere: recovered from members, paid to them, or carried by a provider's statement."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, FormAction, form_action, page_url
from agency.admin.base import HouseAdmin
from agency.admin.fields import DayField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, day, link, yuan
from agency.admin.forms import DeskForm
from agency.admin.panels import Column, Table, TablesPanel
from claims.models import Resettlement, Reversal, ReversalState, Settlement, SettlementChannel
from claims.selectors.resettlements import to_pay, to_recover
from claims.services import recoveries
from policies.admin.refusals import AppliesLaw


def whereabouts(each: Resettlement) -> str:
    """What is to be done about the difference."""
    if each.payee == SettlementChannel.DIRECT:
        return badge(_("in the provider's statement"), "info")
    if not each.was_paid_out or not each.difference:
        return badge(_("nothing was paid out yet") if each.difference else _("nothing"), "")
    if each.difference > 0:
        return badge(_("to be paid in a batch"), "warning") if _is_open(to_pay(), each) else badge(_("in payment"), "")
    if each.recovered_on is None:
        return badge(_("to be recovered"), "danger")
    return badge(_("recovered on %(day)s") % {"day": day(each.recovered_on)}, "success")


def _is_open(waiting: QuerySet[Resettlement], each: Resettlement) -> bool:
    return waiting.filter(pk=each.pk).exists()


def can_be_recovered(each: Resettlement, user: Any) -> bool:
    """Paid out too much, and not paid back."""
    return each.was_paid_out and each.difference < 0 and each.recovered_on is None


class ConsequencesPanel(TablesPanel):
    """On a reversal's page: each settlement that goes with it, before and after."""

    name = "consequences"
    title = gettext_lazy("What it changes")
    tab = False
    permission = "claims.view_settlement"

    def tables(self) -> list[Table]:
        """As it was asked for; once approved, also what became of it."""
        reversal: Reversal = self.thing
        tables = [_intended(reversal)]
        if reversal.state == ReversalState.APPROVED:
            tables.append(_done(reversal))
        return tables


def _intended(reversal: Reversal) -> Table:
    before = Settlement.objects.select_related("claim").in_bulk([line["settlement"] for line in reversal.plan])
    columns = (
        Column(_("Claim"), lambda line: link(page_url(_claim(before, line)), _claim(before, line))),
        Column(_("Served on"), lambda line: day(before[line["settlement"]].served_on)),
        Column(_("Deductible before"), lambda line: yuan(line["before"]["deductible"]), is_figure=True),
        Column(_("Deductible after"), lambda line: _after(line, "deductible"), is_figure=True),
        Column(_("Pooled payment before"), lambda line: yuan(line["before"]["pooled"]), is_figure=True),
        Column(_("Pooled payment after"), lambda line: _after(line, "pooled"), is_figure=True),
        Column(_("Patient's share after"), lambda line: _after(line, "patient_share"), is_figure=True),
        Column(_("Difference"), lambda line: yuan(line["difference"]), is_figure=True),
    )
    caption = _("Settled anew with it, because they rest on what it used")
    empty = _("No other settlement of the year comes out otherwise.")
    return Table.of(reversal.plan, columns, caption=caption, empty=empty)


def _claim(before: dict[int, Settlement], line: dict[str, Any]) -> Any:
    return before[line["settlement"]].claim


def _after(line: dict[str, Any], name: str) -> str:
    return yuan(line["after"][name]) if "after" in line else _("refused")


def _done(reversal: Reversal) -> Table:
    columns = (
        Column(_("Claim"), lambda each: link(page_url(each), each.claim)),
        Column(_("Settlement before"), lambda each: f"#{each.before_id}"),
        Column(_("Settlement after"), lambda each: f"#{each.after_id}" if each.after_id else NOTHING),
        Column(_("Difference"), lambda each: yuan(each.difference), is_figure=True),
        Column(_("To do"), whereabouts),
    )
    return Table.of(reversal.resettlements.select_related("claim").order_by("pk"), columns, caption=_("What was done"))


class RecoveryForm(DeskForm):
    """When and by which receipt."""

    on = DayField(label=gettext_lazy("Paid back on"))
    reference = TextField(label=gettext_lazy("Receipt, or the bank's reference"), max_length=64)


class OpenFilter(admin.SimpleListFilter):
    """What waits for finance."""

    title = gettext_lazy("to do")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Both ways."""
        return [("recover", _("to be recovered")), ("pay", _("to be paid in a batch"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As chosen."""
        if self.value() == "recover":
            return queryset.filter(pk__in=to_recover())
        if self.value() == "pay":
            return queryset.filter(pk__in=to_pay())
        return queryset


@admin.register(Resettlement)
class ResettlementAdmin(AppliesLaw, HouseAdmin):
    """The newest first."""

    actions_detail = ("recover",)
    list_display = ("title", "claim_link", "member", "difference_yuan", "to_do")
    list_filter = (RegionFilter, OpenFilter, "payee")
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

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what was settled."""
        named = ("claim__member__region", "claim__provider", "before__claim", "after__claim", "reversal__settlement")
        return super().get_queryset(request).select_related(*named, "recovered_by")

    def initial_of(self, action: FormAction, thing: Any) -> dict[str, Any]:
        """Mostly today."""
        return {"on": localdate()}

    @display(description=gettext_lazy("re-settlement"))
    def title(self, each: Resettlement) -> str:
        """Its number."""
        return f"#{each.pk}"

    @display(description=gettext_lazy("claim"))
    def claim_link(self, each: Resettlement) -> str:
        """Where both calculations stand."""
        return link(page_url(each.claim), each.claim)

    @display(description=gettext_lazy("member"))
    def member(self, each: Resettlement) -> str:
        """Whose claim."""
        return link(page_url(each.claim.member), each.claim.member)

    @display(description=gettext_lazy("reversal"))
    def asked_with(self, each: Resettlement) -> str:
        """By which it came about."""
        return link(page_url(each.reversal), f"#{each.reversal_id}")

    @display(description=gettext_lazy("difference"))
    def difference_yuan(self, each: Resettlement) -> str:
        """More or less than before."""
        return yuan(each.difference)

    @display(description=gettext_lazy("to do"))
    def to_do(self, each: Resettlement) -> str:
        """By whom, if anybody."""
        return whereabouts(each)

    @display(description=gettext_lazy("recovered on"))
    def recovered(self, each: Resettlement) -> str:
        """The day, and who recorded it."""
        return f"{day(each.recovered_on)} · {each.recovered_by}" if each.recovered_on else NOTHING

    @form_action(
        gettext_lazy("Record the recovery"),
        permission="claims.change_resettlement",
        form=RecoveryForm,
        icon="payments",
        primary=True,
        applies=can_be_recovered,
        description=gettext_lazy("The member has paid back what was paid too much."),
    )
    def recover(self, request: DeskRequest, each: Resettlement, data: dict[str, Any]) -> str:
        """With its receipt."""
        found = recoveries.record_recovery(
            each, on=data["on"], today=localdate(), reference=data["reference"], actor=request.user
        )
        return _("%(amount)s yuan are recovered.") % {"amount": yuan(-found.difference)}
