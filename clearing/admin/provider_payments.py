"""What the pages of providers' statements and of years' clearings share: their moves, their payment, their paper."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, link_action
from agency.admin.capitals import yuan_in_capitals
from agency.admin.fields import DayField, PersonalNumberField, TextField
from agency.admin.formats import NOTHING, badge, day, yuan
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.moves import move_button
from agency.admin.panels import Table
from agency.admin.views import View, page_url, row_view
from clearing.models import StatementState
from clearing.models.provider_payments import PaidToProvider
from clearing.services.provider_payments import has_another_payee, who_set_payee


class PayForm(DeskForm):
    """What the bank says of the transfer."""

    paid_on = DayField(label=gettext_lazy("Paid on"), initial=localdate)
    bank_reference = TextField(label=gettext_lazy("Bank's reference"), max_length=64)


def is_payable(obj: Any, user: Any) -> bool:
    """Something is to be paid, and the reader has not confirmed the bank account."""
    return obj.due > 0 and user.pk != obj.payee_confirmed_by_id


def is_owed(obj: Any, user: Any) -> bool:
    """The provider owes something by it."""
    return bool(obj.owed > 0)


def may_confirm_payee(obj: Any, user: Any) -> bool:
    """The provider's bank account was changed after the approval, by somebody else than the reader."""
    return obj.due > 0 and has_another_payee(obj) and who_set_payee(obj.provider) != user.pk


class ConfirmPayeeForm(ReasonedForm):
    """A bank account entered a second time, by somebody else."""

    account = PersonalNumberField(label=gettext_lazy("Bank account number"), max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Say which account was entered, as far as it is shown."""
        super().__init__(*args, **options)
        statement: Any = self.obj
        provider = statement.provider
        self.fields["account"].help_text = _("Entered for the provider: %(bank)s %(account)s.") % {
            "bank": provider.payee_bank,
            "account": provider.masked_account,
        }


def figure(obj: PaidToProvider, name: str, *, taken_off: bool) -> tuple[Any, Decimal]:
    """A line of the paper: what the amount is called, and its yuan, below zero where they are taken off."""
    amount = column.yuan(name).on(type(obj))
    return amount.heading, -amount.value(obj) if taken_off else amount.value(obj)


def print_button(permission: str) -> Callable[..., HttpResponse]:
    """The button that leads to the paper of a row, for whoever may view it."""

    @link_action(gettext_lazy("Print"), permission=permission, icon="print")
    def print_paper(page: Any, request: HttpRequest, obj: PaidToProvider) -> str:
        return page_url(obj, "paper")

    return print_paper


def paper_view(title: Promise, figures_of: Callable[[Any], list[tuple[Any, Any]]]) -> View:
    """The page to print and sign; `figures_of` says what it adds up, line by line.

    The rows have `due`: what is to be paid, yuan.
    """

    @row_view("paper/", name="paper")
    def paper(page: Any, request: HttpRequest, obj: Any) -> HttpResponse:
        columns = (
            column.text(lambda row: row[0], _("What")),
            column.yuan(lambda row: row[1], _("Yuan")),
        )
        context = {
            "title": title,
            "obj": obj,
            "region": obj.provider.region,
            "printed_on": day(localdate()),
            "facts": [
                (_("Provider"), obj.provider),
                (_("Provider code"), obj.provider.code),
                (_("State"), obj.get_state_display()),
                (_("Bank"), obj.payee.payee_bank or NOTHING),
                (_("Bank account number"), obj.payee.masked_account or NOTHING),
                (_("Paid on"), day(obj.paid_on)),
            ],
            "tables": [Table.of(figures_of(obj), columns)],
            "amount": yuan(obj.due),
            "in_capitals": yuan_in_capitals(obj.due) if obj.due > 0 else "",
            "is_decided": obj.decided_by_id is not None,
            "signatures": [
                (_("Handled by"), obj.submitted_by or ""),
                (_("Checked by"), obj.decided_by or ""),
                (_("Provider (seal)"), ""),
            ],
            "back_url": page_url(obj),
        }
        return TemplateResponse(request, "clearing/provider_payment.html", context)

    return paper


def _state(obj: Any) -> str:
    """Approved with nothing to pay is the end as well."""
    is_over = obj.state == StatementState.APPROVED and obj.due <= 0
    return badge(obj.get_state_display(), "success" if is_over else obj.process.tones[obj.state])


payment_state = column.text(_state, gettext_lazy("state")).filed_from(
    lambda state: StatementState(state).label, "state"
)
PAYMENT_FIELDS = (
    gettext_lazy("Payment"),
    {
        "fields": (
            (
                column.text("payee__payee_bank", gettext_lazy("bank")),
                column.text("payee__masked_account", gettext_lazy("bank account number")),
            ),
            (column.day("paid_on").on(PaidToProvider), column.text("paid_by").on(PaidToProvider)),
            "bank_reference",
        )
    },
)


def confirm_payee_button(model: type[PaidToProvider], confirm: Callable[..., Any]) -> Any:
    """The button that lets the payment go to a bank account changed since the approval; `confirm` is the service."""

    @move_button(
        model,
        "confirm_payee",
        title=gettext_lazy("Confirm the new bank account"),
        also=may_confirm_payee,
        form=ConfirmPayeeForm,
        icon="verified_user",
        description=gettext_lazy(
            "It was changed after the approval. Read it a second time in the provider's own letter."
        ),
    )
    def confirm_payee(page: Any, request: DeskRequest, obj: PaidToProvider, data: dict[str, Any]) -> str:
        confirm(obj, actor=request.user, **data)
        return _("The payment goes to the new bank account.")

    return confirm_payee


def pay_button(model: type[PaidToProvider], pay_it: Callable[..., Any]) -> Any:
    """The button that records the transfer; `pay_it` is the service."""

    @move_button(
        model,
        "pay",
        title=gettext_lazy("Record the payment"),
        also=is_payable,
        form=PayForm,
        icon="payments",
        primary=True,
        description=gettext_lazy("What the bank has transferred to the provider."),
    )
    def pay(page: Any, request: DeskRequest, obj: PaidToProvider, data: dict[str, Any]) -> str:
        pay_it(obj, **data, today=localdate(), actor=request.user)
        return _("The payment is recorded.")

    return pay
