"""A claim is registered, and its bill corrected, in a form that says what it comes to while somebody types (试算)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.views import list_view
from claims.admin.forms import ClaimForm, entered
from claims.admin.trials import answer_trial
from claims.models import Claim
from claims.rooms_above import examination_of
from claims.services import bills
from claims.services.new_claims import Bill, NewClaim
from claims.services.registration import enter_claim


@form_action(
    gettext_lazy("Register a claim"),
    permission="claims.add_claim",
    form=ClaimForm,
    template="claims/claim_form.html",
    description=gettext_lazy("Nothing is calculated until the claim is settled."),
)
def register(page: Any, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
    new = entered(NewClaim, data)
    claim = enter_claim(new, today=localdate(), actor=request.user, reason=data["reason"])
    examined_in = examination_of(claim)
    if examined_in is not None:
        return Done(_("The claim is registered. Go on with its papers here."), examined_in)
    return Done(_("The claim is registered. Settle it next."), claim)


@list_view("try/", name="try")
def trial(page: Any, request: HttpRequest) -> HttpResponse:
    """Of a claim that does not exist yet."""

    def attempt(data: dict[str, Any]) -> bills.TriedBill:
        return bills.try_claim(entered(NewClaim, data), today=localdate())

    return answer_trial(page, request, page.add_action, None, attempt)


def answer_correction(page: Any, request: HttpRequest, obj: Any, claim: Claim) -> HttpResponse:
    """The trial of what was sent for the page's button "correct_bill". obj: the row of the page."""

    def attempt(data: dict[str, Any]) -> bills.TriedBill:
        return bills.try_correction(claim, entered(Bill, data), today=localdate())

    return answer_trial(page, request, page.button("correct_bill").desk_action, obj, attempt)
