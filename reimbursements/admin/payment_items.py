"""The payments of a batch: their table, and the forms about the bank's answer."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from agency.admin import column
from agency.admin.fields import PersonalNumberField, TextField
from agency.admin.formats import NOTHING, badge
from agency.admin.forms import ReasonedForm
from agency.admin.panels import RowsPanel
from reimbursements.models import ItemState, PaymentBatch, PaymentItem, ReimbursementState

ITEM_TONES: dict[str, str] = {
    ItemState.WAITING.value: "warning",
    ItemState.PAID.value: "success",
    ItemState.FAILED.value: "danger",
    ItemState.DROPPED.value: "",
}


def to_correct(batch: PaymentBatch) -> QuerySet[PaymentItem]:
    """Its failed payments whose payee nobody has corrected yet."""
    failed = batch.items.filter(state=ItemState.FAILED, reimbursement__state=ReimbursementState.PAYMENT_FAILED)
    return failed.select_related("reimbursement__claim")


class PayeeForm(ReasonedForm):
    """Which failed payment, and where its money goes from now on."""

    payment = forms.ModelChoiceField(
        PaymentItem.objects.none(),
        label=gettext_lazy("Payment"),
        empty_label=gettext_lazy("Choose…"),
        widget=UnfoldAdminSelectWidget(),
    )
    payee_name = TextField(label=gettext_lazy("Payee"), max_length=64)
    payee_bank = TextField(label=gettext_lazy("Bank"), max_length=120)
    payee_account = PersonalNumberField(label=gettext_lazy("Bank account number"), max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payment"].queryset = to_correct(self.obj)  # type: ignore[attr-defined,arg-type]


def _corrector(item: PaymentItem) -> Any:
    """Marked where the money goes to a payee that the supervisor who approved the claim did not see."""
    reimbursement = item.reimbursement
    is_present = (item.payee_name, item.payee_bank, item.payee_account) == (
        reimbursement.payee_name,
        reimbursement.payee_bank,
        reimbursement.payee_account,
    )
    return (
        badge(reimbursement.payee_corrected_by, "warning")
        if reimbursement.payee_corrected_by and is_present
        else NOTHING
    )


class ItemsPanel(RowsPanel):
    """Whom it pays, and what the bank answered."""

    name = "items"
    title = gettext_lazy("Payments")
    tab = False
    permission = "reimbursements.view_paymentitem"
    columns = (
        column.text("pk", gettext_lazy("Reference"), is_figure=True),
        column.link("reimbursement__claim"),
        column.text("payee_name"),
        column.text("payee_bank"),
        column.text("masked_account", gettext_lazy("Bank account number")),
        column.text(_corrector, gettext_lazy("Payee corrected by")),
        column.yuan("amount"),
        column.badge("state", ITEM_TONES),
        column.text("bank_reference"),
        column.day("answered_on", gettext_lazy("Answered on")),
        column.text("failure"),
    )

    def rows(self) -> Any:
        """In the order of the bank's file."""
        return self.obj.items.select_related("reimbursement__claim", "reimbursement__payee_corrected_by").order_by("pk")
