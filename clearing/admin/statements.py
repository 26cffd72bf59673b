"""Monthly statements of providers: drafted and submitted by a clerk, approved by a supervisor, paid by finance."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.moves import move_button
from clearing.admin.provider_payments import (
    PAYMENT_FIELDS,
    PayForm,
    confirm_payee_button,
    figure,
    is_owed,
    paper_view,
    pay_button,
    payment_state,
    print_button,
)
from clearing.admin.statement_forms import DraftForm, MonthFilter
from clearing.admin.statement_panels import DeductionsPanel, LinesPanel, download_lines, lines_csv
from clearing.models import ProviderStatement
from clearing.services import statements as service

# The providers that a message names.
NAMED = 5
FIGURES = ("pooled", "account", "spent", "deducted", "retained", "carried", "payable")
TAKEN_OFF = ("deducted", "retained")


def _figures_of(obj: ProviderStatement) -> list[tuple[Any, Any]]:
    """Every figure that is summed up, with its sign."""
    return [figure(obj, name, taken_off=name in TAKEN_OFF) for name in FIGURES]


@admin.register(ProviderStatement)
class ProviderStatementAdmin(TrackedAdmin):
    """Statements, the newest month first."""

    adds_with = "draft"
    panels = (LinesPanel, DeductionsPanel)
    buttons = (
        "redraft",
        "submit",
        "approve",
        "send_back",
        confirm_payee_button(ProviderStatement, service.confirm_statement_payee),
        pay_button(ProviderStatement, service.pay_statement),
        "repay",
        print_button("clearing.view_providerstatement"),
        download_lines,
    )
    views = (lines_csv, paper_view(gettext_lazy("Monthly statement of a provider"), _figures_of))
    left_out_of_history = frozenset({"payload_hash"})
    masked_in_history = frozenset({"payee_account"})
    list_display = (
        "provider_name",
        "month_name",
        "state_label",
        "claim_count",
        "pooled_yuan",
        "deducted_yuan",
        "retained_yuan",
        "payable_yuan",
    )
    list_filter = (RegionFilter, MonthFilter, "state")
    list_select_related = ("provider__region",)
    search_fields = ("provider__name__startswith", "provider__code__exact")
    search_help_text = gettext_lazy("Beginning of the provider's name, or its code")
    ordering = ("-month", "provider_id")
    fieldsets = (
        (None, {"fields": (("provider_link", "month_name"), ("state_label", "claim_count"))}),
        (
            gettext_lazy("Figures, yuan"),
            {
                "fields": (
                    ("total_yuan", "pooled_yuan"),
                    ("account_yuan", "spent_yuan"),
                    ("deducted_yuan", "retained_yuan"),
                    ("carried_yuan", "payable_yuan"),
                )
            },
        ),
        PAYMENT_FIELDS,
    )

    provider_name = column.text("provider")
    # Where the bank account is entered.
    provider_link = column.link("provider")
    state_label = payment_state
    month_name = column.month("month")
    claim_count = column.number("claims")
    total_yuan = column.yuan("total")
    pooled_yuan = column.yuan("pooled")
    account_yuan = column.yuan("account")
    spent_yuan = column.yuan("spent")
    deducted_yuan = column.yuan("deducted")
    retained_yuan = column.yuan("retained")
    carried_yuan = column.yuan("carried")
    payable_yuan = column.yuan("payable")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        named = ("provider__region", "submitted_by", "decided_by", "paid_by")
        return super().get_queryset(request).select_related(*named)

    @form_action(
        gettext_lazy("Draft the month's statements"),
        permission="clearing.add_providerstatement",
        form=DraftForm,
        description=gettext_lazy(
            "Takes what was posted until the month's end and stands in no statement yet, once the month is over."
        ),
    )
    def draft(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        """Of one provider, or of all."""
        asked: dict[str, Any] = {"month": data["month"], "today": localdate(), "actor": request.user}
        if data["provider"] is not None:
            statement = service.draft_statement(data["provider"], **asked)
            return Done(_("The statement is drafted. Look at its lines, then submit it."), statement)
        drafted = service.draft_statements(data["region"], **asked)
        count, refused = len(drafted.statements), len(drafted.refused)
        said = ngettext("%(count)s statement is drafted.", "%(count)s statements are drafted.", count) % {
            "count": count
        }
        if not refused:
            return Done(said)
        named = [f"{provider}: {error}" for provider, error in drafted.refused[:NAMED]]
        if refused > NAMED:
            named.append(_("and %(count)s more") % {"count": refused - NAMED})
        left = ngettext(
            "%(count)s provider has none: %(named)s", "%(count)s providers have none: %(named)s", refused
        ) % {"count": refused, "named": "; ".join(named)}
        return Done(f"{said} {left}", level=messages.WARNING)

    @move_button(
        ProviderStatement,
        "edit",
        title=gettext_lazy("Draft anew"),
        icon="refresh",
        description=gettext_lazy("What was posted or noted since for this month comes in."),
    )
    def redraft(self, request: DeskRequest, statement: ProviderStatement, data: dict[str, Any]) -> str:
        """From the entries of now."""
        service.redraft_statement(statement, actor=request.user)
        return _("The statement is drafted anew.")

    @move_button(
        ProviderStatement,
        "submit",
        description=gettext_lazy("Another person then approves it, and a third one pays it."),
    )
    def submit(self, request: DeskRequest, statement: ProviderStatement, data: dict[str, Any]) -> str:
        service.submit_statement(statement, actor=request.user)
        return _("The statement waits for another person's approval.")

    @move_button(
        ProviderStatement,
        "approve",
        icon="done_all",
        description=gettext_lazy("What audits deduct returns to the pooled fund. A third person then pays the rest."),
    )
    def approve(self, request: DeskRequest, statement: ProviderStatement, data: dict[str, Any]) -> str:
        service.approve_statement(statement, today=localdate(), actor=request.user, **data)
        return _("The statement is approved.")

    @move_button(ProviderStatement, "return", description=gettext_lazy("It is a draft again and can be drafted anew."))
    def send_back(self, request: DeskRequest, statement: ProviderStatement, data: dict[str, Any]) -> str:
        service.return_statement(statement, actor=request.user, **data)
        return _("The statement was returned.")

    @move_button(
        ProviderStatement,
        "pay",
        title=gettext_lazy("Record the repayment"),
        also=is_owed,
        form=PayForm,
        icon="payments",
        description=gettext_lazy("The provider has transferred all that it owes. The next statement carries nothing."),
    )
    def repay(self, request: DeskRequest, statement: ProviderStatement, data: dict[str, Any]) -> str:
        service.note_repayment(statement, **data, today=localdate(), actor=request.user)
        return _("The repayment is recorded.")
