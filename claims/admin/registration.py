"""A claim is registered, and its bill corrected, in a form that says what it comes to while somebody types (试算)."""

from typing import Any

from django.forms import CharField, HiddenInput
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.forms import ReasonedForm
from agency.admin.views import list_view, row_view
from claims.admin.forms import BillForm, ClaimForm, entered, standing
from claims.admin.trials import answer_trial
from claims.models import Claim, SettlementChannel
from claims.rooms_above import examination_of, is_reported
from claims.services import bills
from claims.services.new_claims import Bill, NewClaim
from claims.services.registration import enter_claim
from claims.services.settlement import OPEN_STATES
from claims.services.withdrawal import standing_of, withdraw_claim


@form_action(
    gettext_lazy("Register a claim"),
    permission="claims.add_claim",
    form=ClaimForm,
    template="claims/claim_form.html",
    description=gettext_lazy("Nothing is calculated until the claim is settled."),
)
def register(page: Any, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
    new = entered(NewClaim, data)
    claim = enter_claim(new, today=localdate(), actor=request.user)
    examined_in = examination_of(claim)
    if examined_in is not None:
        return Done(_("The claim is registered. Go on with its papers here."), examined_in)
    return Done(_("The claim is registered. Settle it next."), claim)


def can_be_corrected(claim: Claim, user: Any) -> bool:
    """Entered at the desk, and nothing is paid for it. A manual claim is corrected on the page of its reimbursement."""
    is_direct = claim.channel == SettlementChannel.DIRECT
    return is_direct and claim.state in OPEN_STATES and not is_reported(claim)


@form_action(
    gettext_lazy("Correct the bill"),
    permission="claims.add_claim",
    form=BillForm,
    initial=standing,
    template="claims/claim_form.html",
    icon="edit_note",
    applies=can_be_corrected,
    description=gettext_lazy("What stood there before is kept. The claim is registered again and waits to be settled."),
)
def correct_bill(page: Any, request: DeskRequest, obj: Claim, data: dict[str, Any]) -> str:
    """Of a direct settlement that was entered at the desk."""
    bills.correct_claim(obj, entered(Bill, data), today=localdate(), actor=request.user, reason=data["reason"])
    return _("The bill is corrected. Settle the claim next.")


class WithdrawForm(ReasonedForm):
    """Why the claim is given up; `seen` is the claim as it stood when the form was opened."""

    seen = CharField(required=False, widget=HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen"].initial = standing_of(self.obj)  # type: ignore[arg-type]


@form_action(
    gettext_lazy("Withdraw"),
    permission="claims.add_claim",
    form=WithdrawForm,
    danger=True,
    icon="delete",
    applies=can_be_corrected,
    description=gettext_lazy(
        "For a claim of the wrong member or provider, or one that was entered twice. Nothing is ever paid for it. It "
        "stays with its history, and its number may be used again."
    ),
)
def withdraw(page: Any, request: DeskRequest, obj: Claim, data: dict[str, Any]) -> str:
    """Of a direct settlement that was entered at the desk."""
    withdraw_claim(obj, actor=request.user, **data)
    return _("The claim is withdrawn. Register what is right anew.")


@list_view("try/", name="try")
def trial(page: Any, request: HttpRequest) -> HttpResponse:
    """Of a claim that does not exist yet."""

    def attempt(data: dict[str, Any]) -> bills.TriedBill:
        return bills.try_claim(entered(NewClaim, data), today=localdate())

    return answer_trial(page, request, page.add_action, None, attempt)


@row_view("try/", name="try")
def trial_of_correction(page: Any, request: HttpRequest, obj: Claim) -> HttpResponse:
    """Of a bill that would be corrected so."""
    return answer_correction(page, request, obj, obj)


def answer_correction(page: Any, request: HttpRequest, obj: Any, claim: Claim) -> HttpResponse:
    """The trial of what was sent for the page's button "correct_bill". obj: the row of the page."""

    def attempt(data: dict[str, Any]) -> bills.TriedBill:
        return bills.try_correction(claim, entered(Bill, data), today=localdate())

    return answer_trial(page, request, page.button("correct_bill").desk_action, obj, attempt)
