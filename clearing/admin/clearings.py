"""Years' clearings of providers: what becomes of the retention."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, Done, as_it_is, form_action, page_url
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, link, yuan
from agency.admin.moves import move_button
from clearing.admin.clearing_forms import ClearingForm, RetentionForm, StatementsPanel
from clearing.admin.provider_payments import (
    PAYMENT_FIELDS,
    ConfirmPayeeForm,
    PayForm,
    is_payable,
    may_confirm_payee,
    paper_view,
    print_button,
    provider_link,
    state_label,
)
from clearing.models import YearClearing
from clearing.services import clearings as service

# The year's statements, then the retention; what is taken off each is shown below zero.
OF_STATEMENTS = ("pooled", "account", "spent", "deducted", "retained", "carried", "paid")
OF_RETENTION = ("retained", "kept", "set_off", "released")
TAKEN_OFF = frozenset({"deducted", "paid", "kept", "set_off"})


def _figure(clearing: YearClearing, name: str, sign: int) -> tuple[Any, Any]:
    """Label and yuan, with its sign."""
    return clearing._meta.get_field(name).verbose_name, sign * getattr(clearing, name)  # type: ignore[union-attr]


def _figures_of(obj: YearClearing) -> list[tuple[Any, Any]]:
    """The year's figures up to what is still to be paid, and what becomes of the retention."""
    taken_off = TAKEN_OFF | {"retained"}
    return [
        *(_figure(obj, name, -1 if name in taken_off else 1) for name in OF_STATEMENTS),
        (_("still to be paid"), obj.outstanding),
        *(_figure(obj, name, -1 if name in TAKEN_OFF else 1) for name in OF_RETENTION),
    ]


@admin.register(YearClearing)
class YearClearingAdmin(TrackedAdmin):
    """Clearings, the newest year first."""

    adds_with = "draft"
    panels = (StatementsPanel,)
    buttons = (
        "change_retention",
        "submit",
        "approve",
        "send_back",
        "confirm_payee",
        "pay",
        print_button("clearing.view_yearclearing"),
    )
    views = (paper_view(gettext_lazy("Year's clearing of a provider"), _figures_of),)
    left_out_of_history = frozenset({"payload_hash"})
    masked_in_history = frozenset({"payee_account"})
    list_display = (
        "provider_name",
        "year",
        state_label,
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
        (None, {"fields": ((provider_link, "year"), state_label)}),
        (
            gettext_lazy("Figures, yuan"),
            {
                "fields": (
                    ("pooled_yuan", "account_yuan"),
                    ("spent_yuan", "deducted_yuan"),
                    ("retained_yuan", "carried_yuan"),
                    ("paid_yuan", "outstanding_yuan"),
                    ("kept_yuan", "set_off_yuan"),
                    ("released_yuan", "against_link"),
                    "assessment",
                )
            },
        ),
        PAYMENT_FIELDS,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        named = ("provider__region", "submitted_by", "decided_by", "paid_by", "against__provider")
        return super().get_queryset(request).select_related(*named)

    @display(description=gettext_lazy("provider"))
    def provider_name(self, clearing: YearClearing) -> str:
        return str(clearing.provider)

    @display(description=gettext_lazy("pooled payment"))
    def pooled_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.pooled)

    @display(description=gettext_lazy("from personal accounts"))
    def account_yuan(self, clearing: YearClearing) -> str:
        """Of the year, with claims."""
        return yuan(clearing.account)

    @display(description=gettext_lazy("spent from accounts beside claims"))
    def spent_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.spent)

    @display(description=gettext_lazy("carried forward"))
    def carried_yuan(self, clearing: YearClearing) -> str:
        """What the year before left below zero."""
        return yuan(clearing.carried)

    @display(description=gettext_lazy("still to be paid"))
    def outstanding_yuan(self, clearing: YearClearing) -> str:
        """With the year's statements; below zero what the provider owes."""
        return yuan(clearing.outstanding)

    @display(description=gettext_lazy("set off against what the provider owes"))
    def set_off_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.set_off)

    @display(description=gettext_lazy("set off against the statement"))
    def against_link(self, clearing: YearClearing) -> str:
        """The statement that was left below zero."""
        return link(page_url(clearing.against), clearing.against) if clearing.against else NOTHING

    @display(description=gettext_lazy("deductions by audit"))
    def deducted_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.deducted)

    @display(description=gettext_lazy("paid"))
    def paid_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.paid)

    @display(description=gettext_lazy("retention"))
    def retained_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.retained)

    @display(description=gettext_lazy("kept by the fund"))
    def kept_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.kept)

    @display(description=gettext_lazy("released"))
    def released_yuan(self, clearing: YearClearing) -> str:
        return yuan(clearing.released)

    @form_action(
        gettext_lazy("Draft a year's clearing"),
        permission="clearing.add_yearclearing",
        form=ClearingForm,
        description=gettext_lazy("Once the year is over and all of it stands in approved statements."),
    )
    def draft(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        clearing = service.draft_clearing(data.pop("provider"), **data, today=localdate(), actor=request.user)
        return Done(_("The clearing is drafted. Look at its figures, then submit it."), clearing)

    @move_button(
        YearClearing,
        "edit",
        title=gettext_lazy("Change the retention"),
        form=RetentionForm,
        initial=as_it_is("kept", "assessment"),
        icon="edit",
    )
    def change_retention(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        service.change_clearing(clearing, **data, actor=request.user)
        return _("The clearing is changed.")

    @move_button(
        YearClearing, "submit", description=gettext_lazy("Another person then approves it, and a third one pays it.")
    )
    def submit(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        service.submit_clearing(clearing, actor=request.user)
        return _("The clearing waits for another person's approval.")

    @move_button(
        YearClearing,
        "approve",
        icon="done_all",
        description=gettext_lazy("What the fund keeps returns to it. A third person then pays the rest."),
    )
    def approve(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        service.approve_clearing(clearing, today=localdate(), actor=request.user, **data)
        return _("The clearing is approved.")

    @move_button(YearClearing, "return", description=gettext_lazy("It is a draft again and can be changed."))
    def send_back(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        service.return_clearing(clearing, actor=request.user, **data)
        return _("The clearing was returned.")

    @move_button(
        YearClearing,
        "confirm_payee",
        title=gettext_lazy("Confirm the new bank account"),
        also=may_confirm_payee,
        form=ConfirmPayeeForm,
        icon="verified_user",
        description=gettext_lazy(
            "It was changed after the approval. Read it a second time in the provider's own letter."
        ),
    )
    def confirm_payee(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        """As another person than the one who changed it."""
        service.confirm_clearing_payee(clearing, actor=request.user, **data)
        return _("The payment goes to the new bank account.")

    @move_button(
        YearClearing,
        "pay",
        title=gettext_lazy("Record the payment"),
        also=is_payable,
        form=PayForm,
        icon="payments",
        primary=True,
        description=gettext_lazy("What the bank has transferred to the provider."),
    )
    def pay(self, request: DeskRequest, clearing: YearClearing, data: dict[str, Any]) -> str:
        service.pay_clearing(clearing, **data, today=localdate(), actor=request.user)
        return _("The payment is recorded.")
