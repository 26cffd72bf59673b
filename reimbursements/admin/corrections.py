"""Buttons of a reimbursement that put right what was entered: the bill before it is submitted, the payee afterwards; or
give it up.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, as_it_is, form_action
from agency.admin.forms import ReasonedForm
from agency.admin.moves import move_button
from agency.admin.views import row_view
from claims.admin.forms import BillForm, entered, standing
from claims.admin.registration import answer_correction
from claims.services.new_claims import Bill
from reimbursements.admin.forms import NewPayeeForm
from reimbursements.admin.states import lacks_right_payee
from reimbursements.models import Reimbursement
from reimbursements.services import bills, payments, reimbursements


@row_view("try/", name="try")
def trial(page: Any, request: HttpRequest, obj: Reimbursement) -> HttpResponse:
    """Of a bill that would be corrected so."""
    return answer_correction(page, request, obj, obj.claim)


@move_button(
    Reimbursement,
    "edit",
    title=gettext_lazy("Correct the bill"),
    form=BillForm,
    initial=lambda obj: standing(obj.claim),
    template="claims/claim_form.html",
    icon="edit_note",
    description=gettext_lazy("What stood there before is kept. Nothing is paid until somebody else approves it."),
)
def correct_bill(page: Any, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
    bills.correct_bill(obj, entered(Bill, data), today=localdate(), actor=request.user, reason=data["reason"])
    return _("The bill is corrected.")


@form_action(
    gettext_lazy("Correct the payee"),
    permission="reimbursements.change_reimbursement",
    form=NewPayeeForm,
    initial=as_it_is("payee_name", "payee_bank"),
    icon="edit",
    applies=lacks_right_payee,
    description=gettext_lazy("The reimbursement then waits for another batch."),
)
def correct_payee(page: Any, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
    """After the bank could not pay, or where it was never told whom."""
    payments.correct_payee(obj, **data, actor=request.user)
    return _("The payee is corrected.")


@move_button(
    Reimbursement,
    "withdraw",
    title=gettext_lazy("Withdraw"),
    form=ReasonedForm,
    icon="delete",
    danger=True,
    description=gettext_lazy("Nothing is ever paid for this claim. Register what is right anew."),
)
def withdraw(page: Any, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
    reimbursements.withdraw_reimbursement(obj, actor=request.user, **data)
    return _("The reimbursement is withdrawn.")
