"""Years' clearings of providers: what becomes of the retention."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, as_it_is, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.moves import move_button
from clearing.admin.clearing_forms import ClearingForm, RetentionForm, StatementsPanel
from clearing.admin.provider_payments import (
    PAYMENT_FIELDS,
    confirm_payee_button,
    figure,
    paper_view,
    pay_button,
    payment_state,
    print_button,
)
from clearing.models import YearClearing
from clearing.services import clearings as service

# The year's statements, then the retention; what is taken off each is shown below zero.
OF_STATEMENTS = ("pooled", "account", "spent", "deducted", "retained", "carried", "paid")
OF_RETENTION = ("retained", "kept", "set_off", "released")
TAKEN_OFF = frozenset({"deducted", "paid", "kept", "set_off"})


def _figures_of(obj: YearClearing) -> list[tuple[Any, Any]]:
    """The year's figures up to what is still to be paid, and what becomes of the retention."""
    taken_off = TAKEN_OFF | {"retained"}
    return [
        *(figure(obj, name, taken_off=name in taken_off) for name in OF_STATEMENTS),
        (_("still to be paid"), obj.outstanding),
        *(figure(obj, name, taken_off=name in TAKEN_OFF) for name in OF_RETENTION),
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
        confirm_payee_button(YearClearing, service.confirm_clearing_payee),
        pay_button(YearClearing, service.pay_clearing),
        print_button("clearing.view_yearclearing"),
    )
    views = (paper_view(gettext_lazy("Year's clearing of a provider"), _figures_of),)
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

    provider_name = column.text("provider")
    # Where the bank account is entered.
    provider_link = column.link("provider")
    state_label = payment_state
    pooled_yuan = column.yuan("pooled")
    account_yuan = column.yuan("account")
    spent_yuan = column.yuan("spent")
    carried_yuan = column.yuan("carried")
    outstanding_yuan = column.yuan("outstanding", gettext_lazy("still to be paid"))
    set_off_yuan = column.yuan("set_off")
    against_link = column.link("against")
    deducted_yuan = column.yuan("deducted")
    paid_yuan = column.yuan("paid")
    retained_yuan = column.yuan("retained")
    kept_yuan = column.yuan("kept")
    released_yuan = column.yuan("released")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        named = ("provider__region", "submitted_by", "decided_by", "paid_by", "against__provider")
        return super().get_queryset(request).select_related(*named)

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
