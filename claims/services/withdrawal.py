"""A claim that should never have been entered is given up; its row and its history stay."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import last_change, tracked_save
from claims.models import Claim, ClaimState
from claims.rooms_above import is_reported, rooms_above
from claims.services.adjudication import locked_members
from claims.services.settlement import OPEN_STATES, mark


def standing_of(claim: Claim) -> str:
    """What stands on a claim as it was saved last: another text after each change of it."""
    return str(claim.history.latest("history_id").history_id)


@transaction.atomic
def withdraw_claim(claim: Claim, *, actor: User | None, reason: str, seen: str = "") -> Claim:
    """Give up a claim for which nothing is paid, as where it names the wrong member or provider. Its number may be used
    again. One that was filed by hand takes its reimbursement along.

    seen: `standing_of` the claim that the person looked at; "" where nobody did. DomainError without a reason, for a
    claim that a provider reported; MoveNotAllowed where it was changed since, settled or withdrawn, and once its
    reimbursement was submitted.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."), field="reason")
    # In this order settlements lock, too (decision 0005).
    locked_members([claim])
    held = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if held.state == ClaimState.SETTLED:
        raise MoveNotAllowed(_("This claim is settled. Have its settlement taken back first."))
    if held.state not in OPEN_STATES:
        raise MoveNotAllowed(_("This claim is withdrawn or taken back already."))
    if is_reported(held):
        raise DomainError(_("A provider reported this claim. What is wrong in it is put right in the provider's file."))
    if seen and seen != standing_of(held):
        changed = _("Somebody has changed this claim since you looked at it. Look at its page again.")
        raise MoveNotAllowed(f"{changed} {last_change(held)}".strip())
    for room in rooms_above():
        room.give_up_examination(held, actor=actor, reason=reason)
    mark(held, ClaimState.WITHDRAWN)
    tracked_save(held, actor, reason)
    return held
