"""Requests about an account: asked for on the member's or the payment's page; another person decides here."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.admin.slips import Slip, print_button, slip_view
from accounts.models import AccountRequest, EntryKind, LedgerEntry, RequestKind
from accounts.services import account_requests as service
from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import DayField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, day, link
from agency.admin.forms import ReasonedForm
from agency.admin.moves import move_button
from agency.admin.views import page_url
from members.admin.search import search_by_member


class RequestForm(ReasonedForm):
    """From which day, and on which paper."""

    on = DayField(label=gettext_lazy("Effective on"), initial=localdate)
    document = TextField(
        label=gettext_lazy("Document it rests on"),
        max_length=200,
        help_text=gettext_lazy("such as the court's notice, the transfer form or the receipt, with its number"),
    )


class TransferInForm(RequestForm):
    """The balance that another agency has sent."""

    field_order = ("amount", "other_agency", "on", "document", "reason")
    amount = YuanField(label=gettext_lazy("Amount, yuan"))
    other_agency = TextField(label=gettext_lazy("Agency that sends it"), max_length=120)
    on = DayField(label=gettext_lazy("Arrived on"), initial=localdate)


def amount_of(asked: AccountRequest) -> Decimal | None:
    """Yuan that come into the account once it is approved; None where no money moves."""
    return asked.entry.amount if asked.entry else asked.amount


def is_refundable(entry: LedgerEntry, user: Any = None) -> bool:
    """A payment from an account that was not taken back."""
    return entry.kind == EntryKind.SPENDING and not LedgerEntry.objects.filter(reverses=entry).exists()


@form_action(
    gettext_lazy("Refund"),
    permission="accounts.add_accountrequest",
    form=RequestForm,
    icon="undo",
    applies=is_refundable,
    description=gettext_lazy("Another person decides. Approved, the whole amount returns to the account it came from."),
)
def ask_for_refund(page: Any, request: DeskRequest, entry: LedgerEntry, data: dict[str, Any]) -> Done:
    asked = service.submit_refund(entry, **data, actor=request.user)
    return Done(_("The refund waits for another person's decision."), asked)


_FIELDS: dict[str, tuple[Any, ...]] = {
    RequestKind.TRANSFER_IN: (("amount_yuan", "other_agency"),),
    RequestKind.REFUND: (("amount_yuan", "payment"), ("purpose", "beneficiary"), "provider"),
}


def _slip_of(obj: AccountRequest) -> Slip:
    """With what belongs to the kind of request."""
    facts: list[tuple[Any, Any]] = [
        (_("Effective on"), day(obj.effective_on)),
        (_("Document it rests on"), obj.document),
    ]
    if obj.other_agency:
        facts.append((_("Agency that sends it"), obj.other_agency))
    if obj.entry is not None:
        paid = f"#{obj.entry.pk} · {day(obj.entry.posted_on)} · {obj.entry.get_purpose_display()}"
        facts.append((_("Payment taken back"), paid))
    return Slip(
        member=obj.member,
        title=capfirst(obj.get_kind_display()),
        cause=f"account_request:{obj.pk}",
        signer=_("Applicant"),
        amount=amount_of(obj),
        facts=facts,
    )


@admin.register(AccountRequest)
class AccountRequestAdmin(TrackedAdmin):
    buttons = ("approve", "refuse", print_button("accounts.view_accountrequest"))
    views = (slip_view(_slip_of),)
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("member", "kind", "effective_day", "amount_yuan", "document", "state_label", "submitted_by")
    list_filter = (RegionFilter, "state", "kind")
    list_select_related = ("member", "entry", "submitted_by")
    search_fields = ("member__name",)
    get_search_results = search_by_member()
    search_help_text = gettext_lazy("Beginning of the holder's name, member number, identity number")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("member", "state_label"), ("kind", "effective_day"), "document")}),)

    effective_day = column.day("effective_on")
    amount_yuan = column.yuan(amount_of, gettext_lazy("amount")).filed_from(
        lambda posted, asked: asked if posted is None else posted, "entry__amount", "amount"
    )
    purpose = column.text("entry__purpose", gettext_lazy("purpose"))
    provider = column.text("entry__provider", gettext_lazy("provider"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the member, the payment of a refund, and who decided."""
        named = ("member__region", "entry__provider", "entry__beneficiary", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Also what belongs to the kind of request."""
        (title, own), *rest = super().get_fieldsets(request, obj)
        more = _FIELDS.get(obj.kind, ()) if obj is not None else ()
        return ((title, {"fields": (*own["fields"], *more)}), *rest)

    @display(description=gettext_lazy("payment taken back"))
    def payment(self, asked: AccountRequest) -> str:
        """The way to the entry."""
        entry = asked.entry
        return NOTHING if entry is None else link(page_url(entry), f"#{entry.pk} · {day(entry.posted_on)}")

    @display(description=gettext_lazy("for whom"))
    def beneficiary(self, asked: AccountRequest) -> str:
        """The relative, or the holder."""
        return str((asked.entry and asked.entry.beneficiary) or asked.member)

    @move_button(AccountRequest, "approve", description=gettext_lazy("What was asked for is done at once."))
    def approve(self, request: DeskRequest, asked: AccountRequest, data: dict[str, Any]) -> str:
        service.approve_account_request(asked, today=localdate(), actor=request.user, **data)
        return _("The request is approved and done.")

    @move_button(AccountRequest, "refuse", description=gettext_lazy("The account stays as it is."))
    def refuse(self, request: DeskRequest, asked: AccountRequest, data: dict[str, Any]) -> str:
        service.refuse_account_request(asked, actor=request.user, **data)
        return _("The request was refused.")
