"""The payments of a batch: their table, and the forms about the bank's answer."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from agency.admin.fields import TextField, UploadField
from agency.admin.formats import NOTHING, badge, day, link, yuan
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.panels import Column, RowsPanel
from agency.admin.views import page_url
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


class AnswerForm(DeskForm):
    file = UploadField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Columns: reference, amount, result (paid or failed), bank's reference, why it failed, answered on"
        ),
    )


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
    payee_account = TextField(label=gettext_lazy("Bank account number"), max_length=64)

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
        Column(gettext_lazy("Reference"), lambda item: item.pk, is_figure=True),
        Column(gettext_lazy("Claim"), lambda item: link(page_url(item.reimbursement.claim), item.reimbursement.claim)),
        Column(gettext_lazy("Payee"), lambda item: item.payee_name),
        Column(gettext_lazy("Bank"), lambda item: item.payee_bank),
        Column(gettext_lazy("Bank account number"), lambda item: item.masked_account),
        Column(gettext_lazy("Payee corrected by"), _corrector),
        Column(gettext_lazy("Amount"), lambda item: yuan(item.amount), is_figure=True),
        Column(gettext_lazy("State"), lambda item: badge(item.get_state_display(), ITEM_TONES[item.state])),
        Column(gettext_lazy("Bank's reference"), lambda item: item.bank_reference or NOTHING),
        Column(gettext_lazy("Answered on"), lambda item: day(item.answered_on)),
        Column(gettext_lazy("Why it failed"), lambda item: item.failure or NOTHING),
    )

    def rows(self) -> Any:
        """In the order of the bank's file."""
        return self.obj.items.select_related("reimbursement__claim", "reimbursement__payee_corrected_by").order_by("pk")
