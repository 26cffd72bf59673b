"""What the pages of providers' statements and of years' clearings share: their moves, their payment, their paper."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import approval
from agency.admin.actions import link_action, page_url
from agency.admin.capitals import yuan_in_capitals
from agency.admin.fields import DayField, TextField
from agency.admin.formats import NOTHING, badge, day, link, yuan
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.panels import Column, Table
from agency.admin.views import View, row_view
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

    account = TextField(label=gettext_lazy("Bank account number"), max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Say which account was entered, as far as it is shown."""
        super().__init__(*args, **options)
        statement: Any = self.obj
        provider = statement.provider
        self.fields["account"].help_text = _("Entered for the provider: %(bank)s %(account)s.") % {
            "bank": provider.payee_bank,
            "account": provider.masked_account,
        }


def _payee(obj: Any) -> Any:
    """Where the money goes: what was approved, or before that the provider's bank account of now."""
    return obj if obj.state in (StatementState.APPROVED, StatementState.PAID) else obj.provider


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
            Column(_("What"), lambda row: row[0]),
            Column(_("Yuan"), lambda row: yuan(row[1]), is_figure=True),
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
                (_("Bank"), _payee(obj).payee_bank or NOTHING),
                (_("Bank account number"), _payee(obj).masked_account or NOTHING),
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


@display(description=gettext_lazy("state"))
def state_label(obj: Any) -> str:
    """Coloured; approved with nothing to pay is the end as well."""
    is_over = obj.state == StatementState.APPROVED and obj.due <= 0
    return badge(obj.get_state_display(), "success") if is_over else approval.state_label(obj)


@display(description=gettext_lazy("provider"))
def provider_link(obj: Any) -> str:
    """The provider's page, where the bank account is entered."""
    return link(page_url(obj.provider), obj.provider)


@display(description=gettext_lazy("bank"))
def bank(obj: Any) -> str:
    return _payee(obj).payee_bank or NOTHING


@display(description=gettext_lazy("bank account number"))
def account_number(obj: Any) -> str:
    return _payee(obj).masked_account or NOTHING


@display(description=gettext_lazy("paid by"))
def payer(obj: PaidToProvider) -> str:
    return str(obj.paid_by or NOTHING)


@display(description=gettext_lazy("paid on"))
def paid_day(obj: PaidToProvider) -> str:
    """The day of the transfer."""
    return day(obj.paid_on)


PAYMENT_FIELDS = (
    gettext_lazy("Payment"),
    {"fields": ((bank, account_number), (paid_day, payer), "bank_reference")},
)
