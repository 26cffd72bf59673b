"""Claims that are filed by hand: one is entered above the list of reimbursements; on its page its reimbursement begins,
and a late one is accepted.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.forms import ReasonedForm
from claims.models import Claim, ClaimState, SettlementChannel
from policies.engine.vocabulary import RefusalReason
from reimbursements.services import late_filing, reimbursements


@link_action(gettext_lazy("New manual claim"), permission="claims.add_claim", icon="add", primary=True)
def new_manual_claim(page: Any, request: HttpRequest, obj: None) -> str:
    """The claim's form for papers that are handed in today; once it is registered, its reimbursement opens."""
    return f"{reverse('admin:claims_claim_add')}?filed_on={localdate():%Y-%m-%d}"


def lacks_reimbursement(claim: Claim, user: Any) -> bool:
    """Filed by hand, and nobody has begun to examine it."""
    return claim.channel == SettlementChannel.MANUAL and not hasattr(claim, "reimbursement")


def was_filed_late(claim: Claim, user: Any) -> bool:
    """Refused for nothing but the day of filing, which nobody has accepted yet; for whoever did not submit it."""
    refused = claim.state == ClaimState.REFUSED and claim.refusal_reason == RefusalReason.LATE_FILING
    if not refused or claim.late_filing_accepted_by_id is not None:
        return False
    return lacks_reimbursement(claim, user) or user.pk not in claim.reimbursement.authors


@form_action(
    gettext_lazy("Begin the reimbursement"),
    permission="reimbursements.add_reimbursement",
    form=ReasonedForm,
    icon="folder_open",
    primary=True,
    applies=lacks_reimbursement,
    description=gettext_lazy("A manual claim is paid once its papers were examined and another person approved it."),
)
def begin_reimbursement(page: Any, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> Done:
    """Of a manual claim that has none yet."""
    begun = reimbursements.register_reimbursement(claim, actor=request.user, reason=data["reason"])
    return Done(_("The reimbursement is registered. Go on with its papers here."), begun)


@form_action(
    gettext_lazy("Accept late filing"),
    permission="claims.override_claim",
    form=ReasonedForm,
    icon="more_time",
    applies=was_filed_late,
    description=gettext_lazy("The claim can then be paid. Your name and the reason stay on it."),
)
def accept_late(page: Any, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> str:
    """Against the rule, with a reason."""
    late_filing.accept_late_filing(claim, actor=request.user, reason=data["reason"])
    return _("Late filing is accepted. Submit the reimbursement again next.")
