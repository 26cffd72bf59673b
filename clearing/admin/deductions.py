"""What audits take off providers' payments: noted with what was found, withdrawn with a reason."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, SearchField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, link
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.views import page_url
from clearing.models import AuditDeduction, DeductionKind, ProviderStatement, StatementState
from clearing.services.deductions import give_back_deduction, note_deduction, withdraw_deduction


class DeductionForm(DeskForm):
    """What was found, of whom, and what it costs."""

    provider = SearchField(source=AuditDeduction._meta.get_field("provider"), label=gettext_lazy("Provider"))
    claim = SearchField(
        source=AuditDeduction._meta.get_field("claim"),
        label=gettext_lazy("Claim"),
        required=False,
        help_text=gettext_lazy("Where it rests on one. At most what the funds paid for it is deducted."),
    )
    kind = ChoiceField(label=gettext_lazy("Kind"), choices=DeductionKind.choices)
    amount = YuanField(label=gettext_lazy("Amount"))
    finding = TextField(label=gettext_lazy("What was found"), max_length=300)
    found_on = DayField(label=gettext_lazy("Found on"), initial=localdate)


def may_be_withdrawn(deduction: AuditDeduction, user: Any) -> bool:
    """No statement that was submitted holds it."""
    held = deduction.statement is not None and deduction.statement.state != StatementState.DRAFT
    return not deduction.withdrawn_reason and not held


def may_be_given_back(deduction: AuditDeduction, user: Any) -> bool:
    """An approved statement took it off, and nobody has had it given back."""
    taken = deduction.statement is not None and deduction.statement.state in (
        StatementState.APPROVED,
        StatementState.PAID,
    )
    is_back = deduction.gives_back_id is not None or deduction.given_back_by.filter(withdrawn_reason="").exists()
    return taken and not is_back


def _state_of(deduction: AuditDeduction) -> str:
    statement = deduction.statement
    provider, month = (None, None) if statement is None else (statement.provider.name, statement.month)
    return _state(deduction.withdrawn_reason, provider, month)


def _state(withdrawn_reason: str, provider: str | None, month: date | None) -> str:
    """Withdrawn, in a statement of a provider, or waiting for one."""
    if withdrawn_reason:
        return badge(_("withdrawn"))
    if provider is not None and month is not None:
        statement = ProviderStatement.named(provider, month)
        return badge(_("in statement %(statement)s") % {"statement": statement}, "success")
    return badge(_("waits for the next statement"), "warning")


@admin.register(AuditDeduction)
class AuditDeductionAdmin(TrackedAdmin):
    adds_with = "note"
    buttons = ("withdraw", "give_back")
    list_display = ("title", "provider_name", "kind", "amount_yuan", "found_day", "state_label")
    list_filter = (RegionFilter, "kind")
    search_fields = ("provider__name__startswith", "provider__code__exact", "claim__claim_number__exact")
    search_help_text = gettext_lazy("Provider or claim number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("provider_link", "claim_link"),
                    ("kind", "amount_yuan"),
                    "finding",
                    ("found_day", "noter"),
                    ("state_label", "statement_link"),
                    "gives_back_link",
                    "withdrawn_reason",
                )
            },
        ),
    )

    title = column.serial()
    provider_name = column.text("provider")
    provider_link = column.link("provider")
    claim_link = column.link("claim")
    statement_link = column.link("statement")
    amount_yuan = column.yuan("taken_off", gettext_lazy("amount")).filed_from(
        AuditDeduction.signed, "amount", "gives_back"
    )
    state_label = column.text(_state_of, gettext_lazy("state")).filed_from(
        _state, "withdrawn_reason", "statement__provider__name", "statement__month"
    )
    found_day = column.day("found_on")
    noter = column.text("noted_by")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        named = ("provider__region", "claim", "statement__provider", "noted_by")
        return super().get_queryset(request).select_related(*named)

    @display(description=gettext_lazy("gives back"))
    def gives_back_link(self, deduction: AuditDeduction) -> str:
        """The deduction that it gives back, or that gives it back."""
        other = deduction.gives_back or deduction.given_back_by.filter(withdrawn_reason="").first()
        return link(page_url(other), f"#{other.pk}") if other is not None else NOTHING

    @form_action(
        gettext_lazy("Note a deduction"),
        permission="clearing.add_auditdeduction",
        form=DeductionForm,
        description=gettext_lazy("The next statement of the provider takes it off."),
    )
    def note(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        """Of a claim, or of an inspection."""
        facts = data | {"kind": DeductionKind(data["kind"])}
        deduction = note_deduction(facts.pop("provider"), **facts, today=localdate(), actor=request.user)
        return Done(_("The deduction is noted."), deduction)

    @form_action(
        gettext_lazy("Withdraw"),
        permission="clearing.change_auditdeduction",
        form=ReasonedForm,
        icon="undo",
        danger=True,
        applies=may_be_withdrawn,
        description=gettext_lazy("A draft that holds it is drafted anew without it."),
    )
    def withdraw(self, request: DeskRequest, deduction: AuditDeduction, data: dict[str, Any]) -> str:
        withdraw_deduction(deduction, actor=request.user, reason=data["reason"])
        return _("The deduction is withdrawn.")

    @form_action(
        gettext_lazy("Give back"),
        permission="clearing.change_auditdeduction",
        form=ReasonedForm,
        icon="settings_backup_restore",
        applies=may_be_given_back,
        description=gettext_lazy("The provider's next statement adds it again; another person approves that one."),
    )
    def give_back(self, request: DeskRequest, deduction: AuditDeduction, data: dict[str, Any]) -> Done:
        back = give_back_deduction(deduction, today=localdate(), actor=request.user, reason=data["reason"])
        return Done(_("The next statement gives the deduction back."), back)
