"""Closings: an account's closing is asked for on the member's page; another person decides here."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.closing_panels import LaterPanel, SetOffPanel, cause_of, what_is_set_off
from accounts.admin.slips import Slip, print_button, slip_view
from accounts.models import AccountClosing, LedgerAccount
from accounts.services import closing as service
from agency.admin import column
from agency.admin.actions import DeskRequest
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import day, yuan
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.moves import move_button
from agency.admin.panels import Table
from members.admin.search import search_by_member
from members.models import Member
from policies.engine.vocabulary import ClosingReason
from policies.labels import choices


class ClosingForm(ReasonedForm):
    """Why, on which day, and who gets what is in the account."""

    field_order = ("closing_reason", "on", "payee", "reason")
    closing_reason = ChoiceField(label=gettext_lazy("Why it is closed"), choices=choices(ClosingReason))
    on = DayField(label=gettext_lazy("Closed on"))
    payee = TextField(
        label=gettext_lazy("Paid to"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("The heir, or the agency that the account moves to. Empty: the member."),
    )

    @property
    def tables(self) -> Sequence[Table]:
        """What the closing of the member's account would recover first."""
        account = LedgerAccount.objects.filter(member=cast(Member, self.obj)).first()
        return [what_is_set_off(account)] if account else []


class ApproveClosingForm(DecisionForm):
    """The decision, beside what it pays out."""

    @property
    def tables(self) -> Sequence[Table]:
        """What the closing recovers first, as its page shows it."""
        return [what_is_set_off(cast(AccountClosing, self.obj).account)]


def _slip_of(obj: AccountClosing) -> Slip:
    """Who gets the balance, and for which reason."""
    member = Member.objects.select_related("region").get(account=obj.account_id)
    taken = obj.set_off.aggregate(taken=Sum("taken"))["taken"]
    return Slip(
        member=member,
        title=capfirst(str(AccountClosing._meta.verbose_name)),
        cause=f"closing:{obj.pk}",
        signer=_("Received by"),
        amount=obj.amount,
        facts=[
            (_("Why it is closed"), obj.get_reason_display()),
            (_("Closed on"), day(obj.closed_on)),
            (_("Paid to"), obj.payee or member.name),
            *([(capfirst(_("cause")), cause_of(obj))] if obj.cause else []),
            *([(_("Recovered first, yuan"), yuan(taken))] if taken else []),
        ],
    )


@admin.register(AccountClosing)
class AccountClosingAdmin(TrackedAdmin):
    buttons = ("approve", "refuse", print_button("accounts.view_accountclosing"))
    views = (slip_view(_slip_of),)
    panels = (SetOffPanel, LaterPanel)
    left_out_of_history = frozenset({"payload_hash"})
    list_display = (
        "account",
        "reason",
        "closing_day",
        "first_closing",
        "payee",
        "paid_yuan",
        "state_label",
        "submitted_by",
    )
    list_filter = (RegionFilter, "state", "reason")
    list_select_related = ("account__member", "account__region", "submitted_by", "follows")
    search_fields = ("account__member__name",)
    get_search_results = search_by_member("account__member")
    search_help_text = gettext_lazy("Beginning of the holder's name, member number, identity number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("account", "state_label"),
                    ("reason", "closing_day"),
                    ("payee", "paid_yuan"),
                    "balance_yuan",
                )
            },
        ),
    )

    closing_day = column.day("closed_on")
    paid_yuan = column.yuan("amount", gettext_lazy("paid out, yuan"))
    balance_yuan = column.yuan("account__balance", gettext_lazy("balance of the account, yuan"))
    first_closing = column.serial("follows", gettext_lazy("after the closing")).leading("follows")
    why_due = column.text(cause_of, gettext_lazy("cause"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the closing that it follows, where it does."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.follows_id is None:
            return fieldsets
        return (*fieldsets, (_("Due after the closing"), {"fields": (("first_closing", "why_due"),)}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the account, whose it is, and who decided."""
        named = ("account__member", "account__region", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    @move_button(
        AccountClosing,
        "approve",
        form=ApproveClosingForm,
        description=gettext_lazy("The balance is paid out and the account closed for good."),
    )
    def approve(self, request: DeskRequest, closing: AccountClosing, data: dict[str, Any]) -> str:
        closed = service.approve_closing(closing, today=localdate(), actor=request.user, **data)
        return _("The account is closed; %(amount)s yuan are paid out.") % {"amount": f"{closed.amount:,.2f}"}

    @move_button(AccountClosing, "refuse", description=gettext_lazy("The account stays open."))
    def refuse(self, request: DeskRequest, closing: AccountClosing, data: dict[str, Any]) -> str:
        service.refuse_closing(closing, actor=request.user, **data)
        return _("The closing was refused.")
