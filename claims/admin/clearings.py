"""Years' clearings of providers: what becomes of the retention."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, Done, FormAction, form_action, link_action, page_url
from agency.admin.approval import ReturnForm, ShowsApproval
from agency.admin.base import TrackedAdmin
from agency.admin.fields import CountField, SearchField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.formats import link, month, yuan
from agency.admin.forms import DecisionForm, DeskForm, ReasonedForm
from agency.admin.panels import Column, RowsPanel
from claims.admin.provider_payments import (
    PAYMENT_FIELDS,
    PayForm,
    ShowsPayment,
    in_state,
    is_payable,
    may_confirm_payee,
    waits_for,
)
from claims.models import StatementState, YearClearing
from claims.services import clearings as service

FIGURES = ("pooled", "deducted", "paid", "retained", "kept", "released")


class RetentionForm(DeskForm):
    """What the fund keeps of the retention, and why."""

    kept = YuanField(label=gettext_lazy("Kept by the fund"), initial=0)
    assessment = TextField(
        label=gettext_lazy("Outcome of the yearly assessment"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Required where the fund keeps something."),
    )


class ClearingForm(RetentionForm):
    """Which year, of whom."""

    field_order = ("provider", "year", "kept", "assessment")
    provider = SearchField(source=YearClearing._meta.get_field("provider"), label=gettext_lazy("Provider"))
    year = CountField(label=gettext_lazy("Year"), min_value=2000, max_value=2199)


class StatementsPanel(RowsPanel):
    """The statements that are summed up."""

    name = "statements"
    title = gettext_lazy("Statements of the year")
    tab = False
    permission = "claims.view_providerstatement"
    columns = (
        Column(gettext_lazy("Month"), lambda row: link(page_url(row), month(row.month))),
        Column(gettext_lazy("State"), lambda row: row.get_state_display()),
        Column(gettext_lazy("Pooled payment"), lambda row: yuan(row.pooled), is_figure=True),
        Column(gettext_lazy("Deductions by audit"), lambda row: yuan(row.deducted), is_figure=True),
        Column(gettext_lazy("Retention"), lambda row: yuan(row.retained), is_figure=True),
        Column(gettext_lazy("Payable"), lambda row: yuan(row.payable), is_figure=True),
    )

    def rows(self) -> Any:
        """In the order of the months."""
        return self.thing.provider.statements.filter(month__year=self.thing.year).order_by("month")


@admin.register(YearClearing)
class YearClearingAdmin(ShowsPayment, ShowsApproval, TrackedAdmin):
    """Clearings, the newest year first."""

    adds_with = "draft"
    paper_title = gettext_lazy("Year's clearing of a provider")
    panels = (StatementsPanel,)
    actions_detail = ("change_retention", "submit", "approve", "send_back", "confirm_payee", "pay", "print_paper")
    left_out_of_history = frozenset({"payload_hash"})
    masked_in_history = frozenset({"payee_account"})
    list_display = (
        "provider_name",
        "year",
        "state_label",
        "pooled_yuan",
        "retained_yuan",
        "kept_yuan",
        "released_yuan",
    )
    list_filter = (RegionFilter, "year", "state")
    list_select_related = ("provider__region",)
    search_fields = ("provider__name__startswith", "provider__code__exact")
    search_help_text = gettext_lazy("Beginning of the provider's name, or its code")
    ordering = ("-year", "provider_id")
    fieldsets = (
        (None, {"fields": (("provider_link", "year"), "state_label")}),
        (
            gettext_lazy("Figures, yuan"),
            {
                "fields": (
                    ("pooled_yuan", "deducted_yuan"),
                    ("paid_yuan", "retained_yuan"),
                    ("kept_yuan", "released_yuan"),
                    "assessment",
                )
            },
        ),
        PAYMENT_FIELDS,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        named = ("provider__region", "submitted_by", "decided_by", "paid_by")
        return super().get_queryset(request).select_related(*named)

    def initial_of(self, action: FormAction, thing: Any) -> dict[str, Any]:
        """Last year is cleared, a draft changed from what it says."""
        today = localdate()
        kept = {"kept": thing.kept, "assessment": thing.assessment} if thing is not None else {"kept": 0}
        return {"year": today.year - 1, "paid_on": today, **kept}

    def figures_of(self, thing: YearClearing) -> list[tuple[Any, Any]]:
        """The year's figures, and what becomes of the retention."""
        return [(thing._meta.get_field(name).verbose_name, getattr(thing, name)) for name in FIGURES]  # type: ignore[union-attr]

    @display(description=gettext_lazy("provider"))
    def provider_name(self, clearing: YearClearing) -> str:
        """By name."""
        return str(clearing.provider)

    @display(description=gettext_lazy("pooled payment"))
    def pooled_yuan(self, clearing: YearClearing) -> str:
        """Of the year."""
        return yuan(clearing.pooled)

    @display(description=gettext_lazy("deductions by audit"))
    def deducted_yuan(self, clearing: YearClearing) -> str:
        """Of the year."""
        return yuan(clearing.deducted)

    @display(description=gettext_lazy("paid"))
    def paid_yuan(self, clearing: YearClearing) -> str:
        """With the year's statements."""
        return yuan(clearing.paid)

    @display(description=gettext_lazy("retention"))
    def retained_yuan(self, clearing: YearClearing) -> str:
        """Of the year."""
        return yuan(clearing.retained)

    @display(description=gettext_lazy("kept by the fund"))
    def kept_yuan(self, clearing: YearClearing) -> str:
        """Of the retention."""
        return yuan(clearing.kept)

    @display(description=gettext_lazy("released"))
    def released_yuan(self, clearing: YearClearing) -> str:
        """Of the retention."""
        return yuan(clearing.released)

    @form_action(
        gettext_lazy("Draft a year's clearing"),
        permission="claims.add_yearclearing",
        form=ClearingForm,
        description=gettext_lazy("Once the year is over and all of it stands in approved statements."),
    )
    def draft(self, request: DeskRequest, thing: None, data: dict[str, Any]) -> Done:
        """Of one provider."""
        clearing = service.draft_clearing(data.pop("provider"), **data, today=localdate(), actor=request.user)
        return Done(_("The clearing is drafted. Look at its figures, then submit it."), clearing)

    @form_action(
        gettext_lazy("Change the retention"),
        permission="claims.add_yearclearing",
        form=RetentionForm,
        icon="edit",
        applies=in_state(StatementState.DRAFT),
    )
    def change_retention(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """Of a draft."""
        service.change_clearing(clearing, **data, actor=request.user)
        return _("The clearing is changed.")

    @form_action(
        gettext_lazy("Submit"),
        permission="claims.add_yearclearing",
        icon="send",
        primary=True,
        applies=in_state(StatementState.DRAFT),
        description=gettext_lazy("Another person then approves it, and a third one pays it."),
    )
    def submit(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """Hand over."""
        service.submit_clearing(clearing, actor=request.user)
        return _("The clearing waits for another person's approval.")

    @form_action(
        gettext_lazy("Approve"),
        permission="claims.approve_yearclearing",
        form=DecisionForm,
        icon="done_all",
        primary=True,
        applies=waits_for,
        description=gettext_lazy("What the fund keeps returns to it. A third person then pays the rest."),
    )
    def approve(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """As another person."""
        service.approve_clearing(clearing, today=localdate(), actor=request.user, reason=data["reason"])
        return _("The clearing is approved.")

    @form_action(
        gettext_lazy("Return"),
        permission="claims.approve_yearclearing",
        form=ReturnForm,
        icon="undo",
        applies=waits_for,
        description=gettext_lazy("It is a draft again and can be changed."),
    )
    def send_back(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """With a reason."""
        service.return_clearing(clearing, actor=request.user, reason=data["reason"])
        return _("The clearing was returned.")

    @form_action(
        gettext_lazy("Confirm the new bank account"),
        permission="claims.approve_yearclearing",
        form=ReasonedForm,
        icon="verified_user",
        applies=may_confirm_payee,
        description=gettext_lazy("It was changed after the approval. Compare it with the provider's own letter."),
    )
    def confirm_payee(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """As another person than the one who changed it."""
        service.confirm_clearing_payee(clearing, actor=request.user, reason=data["reason"])
        return _("The payment goes to the new bank account.")

    @form_action(
        gettext_lazy("Record the payment"),
        permission="claims.pay_yearclearing",
        form=PayForm,
        icon="payments",
        primary=True,
        applies=is_payable,
        description=gettext_lazy("What the bank has transferred to the provider."),
    )
    def pay(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """As a third person."""
        service.pay_clearing(clearing, **data, today=localdate(), actor=request.user)
        return _("The payment is recorded.")

    @link_action(gettext_lazy("Print"), permission="claims.view_yearclearing", icon="print")
    def print_paper(self, request: HttpRequest, clearing: YearClearing) -> str:
        """The page to sign."""
        return self.paper_url(clearing)
