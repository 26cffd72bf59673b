"""What the pages of providers' statements and of years' clearings share: their moves, their payment, their paper."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import page_url
from agency.admin.approval import state_badge
from agency.admin.capitals import yuan_in_capitals
from agency.admin.fields import DayField, TextField
from agency.admin.formats import NOTHING, badge, day, link, yuan
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.panels import Column, Table
from clearing.models import StatementState
from clearing.models.provider_payments import PaidToProvider
from clearing.services.provider_payments import has_another_payee, who_set_payee


class PayForm(DeskForm):
    """What the bank says of the transfer."""

    paid_on = DayField(label=gettext_lazy("Paid on"))
    bank_reference = TextField(label=gettext_lazy("Bank's reference"), max_length=64)


def is_payable(thing: Any, user: Any) -> bool:
    """Something is to be paid, and the reader has not confirmed the bank account."""
    return thing.due > 0 and user.pk != thing.payee_confirmed_by_id


def is_owed(thing: Any, user: Any) -> bool:
    """The provider owes something by it."""
    return bool(thing.owed > 0)


def may_confirm_payee(thing: Any, user: Any) -> bool:
    """The provider's bank account was changed after the approval, by somebody else than the reader."""
    return thing.due > 0 and has_another_payee(thing) and who_set_payee(thing.provider) != user.pk


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


def _payee(thing: Any) -> Any:
    """Where the money goes: what was approved, or before that the provider's bank account of now."""
    return thing if thing.state in (StatementState.APPROVED, StatementState.PAID) else thing.provider


class ShowsPayment:
    """Adds the state, the provider's bank account and the transfer to a page, and the page to print and sign.

    The rows have `due`: what is to be paid, yuan.
    """

    paper_title: Any = ""

    def figures_of(self, thing: Any) -> list[tuple[Any, Any]]:
        """What the paper adds up, line by line."""
        raise NotImplementedError

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The printable page."""
        opts = self.opts  # type: ignore[attr-defined]
        page = ("<path:object_id>/paper/", f"{opts.app_label}_{opts.model_name}_paper", self.paper_view)
        return (*super().get_custom_urls(), page)  # type: ignore[misc]

    def paper_url(self, thing: Model) -> str:
        """Where the printable page of a row is."""
        return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_paper", args=[thing.pk])

    def paper_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponse:
        """The page to print. Http404 out of the person's sight."""
        thing = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if thing is None or not self.has_view_permission(request, thing):  # type: ignore[attr-defined]
            raise Http404
        columns = (
            Column(_("What"), lambda row: row[0]),
            Column(_("Yuan"), lambda row: yuan(row[1]), is_figure=True),
        )
        context = {
            "title": self.paper_title,
            "thing": thing,
            "region": thing.provider.region,
            "printed_on": day(localdate()),
            "facts": [
                (_("Provider"), thing.provider),
                (_("Provider code"), thing.provider.code),
                (_("State"), thing.get_state_display()),
                (_("Bank"), _payee(thing).payee_bank or NOTHING),
                (_("Bank account number"), _payee(thing).masked_account or NOTHING),
                (_("Paid on"), day(thing.paid_on)),
            ],
            "tables": [Table.of(self.figures_of(thing), columns)],
            "amount": yuan(thing.due),
            "in_capitals": yuan_in_capitals(thing.due) if thing.due > 0 else "",
            "is_decided": thing.decided_by_id is not None,
            "signatures": [
                (_("Handled by"), thing.submitted_by or ""),
                (_("Checked by"), thing.decided_by or ""),
                (_("Provider (seal)"), ""),
            ],
            "back_url": page_url(thing),
        }
        return TemplateResponse(request, "clearing/provider_payment.html", context)

    @display(description=gettext_lazy("state"))
    def state_label(self, thing: PaidToProvider) -> str:
        """Coloured; approved with nothing to pay is the end as well."""
        is_over = thing.state == StatementState.APPROVED and thing.due <= 0  # type: ignore[attr-defined]
        return badge(thing.get_state_display(), "success") if is_over else state_badge(thing)

    @display(description=gettext_lazy("provider"))
    def provider_link(self, thing: Any) -> str:
        """The provider's page, where the bank account is entered."""
        return link(page_url(thing.provider), thing.provider)

    @display(description=gettext_lazy("bank"))
    def bank(self, thing: Any) -> str:
        """Where the money goes."""
        return _payee(thing).payee_bank or NOTHING

    @display(description=gettext_lazy("bank account number"))
    def account_number(self, thing: Any) -> str:
        """Masked."""
        return _payee(thing).masked_account or NOTHING

    @display(description=gettext_lazy("paid by"))
    def payer(self, thing: PaidToProvider) -> str:
        """By name."""
        return str(thing.paid_by or NOTHING)

    @display(description=gettext_lazy("paid on"))
    def paid_day(self, thing: PaidToProvider) -> str:
        """The day of the transfer."""
        return day(thing.paid_on)


PAYMENT_FIELDS = (
    gettext_lazy("Payment"),
    {"fields": (("bank", "account_number"), ("paid_day", "payer"), "bank_reference")},
)
