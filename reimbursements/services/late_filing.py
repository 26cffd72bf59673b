"""What a supervisor accepts against the rule, with a reason that stays on the claim."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimState
from reimbursements.models import Reimbursement


@transaction.atomic
def accept_late_filing(claim: Claim, *, actor: User, reason: str) -> Claim:
    """Let a claim be settled although it was filed after the region's last day (Baoshan 25: 原则上).

    DomainError without a reason; SamePersonDecides for whoever wrote a part of its reimbursement; MoveNotAllowed for a
    claim that is settled or reversed.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for this decision."))
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if claim.state not in (ClaimState.REGISTERED, ClaimState.REFUSED):
        raise MoveNotAllowed(_("This claim is settled or reversed already."))
    if Reimbursement.objects.filter(claim=claim, authors__contains=[actor.pk]).exists():
        raise SamePersonDecides(_("You wrote a part of this reimbursement; somebody else decides on its late filing."))
    claim.late_filing_accepted_by = actor
    claim.late_filing_reason = reason[:200]
    tracked_save(claim, actor, reason)
    return claim
