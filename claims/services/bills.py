"""The bill of a claim: tried before it is registered or corrected (试算), and corrected before it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, ClaimState, Settlement, SettlementChannel
from claims.rooms_above import is_reported
from claims.selectors.documents import same_invoice
from claims.services.adjudication import locked_members
from claims.services.new_claims import Bill, NewClaim, put_lines, take_catalogue_shares
from claims.services.registration import check_claim
from claims.services.settlement import OPEN_STATES, mark, trial_of_bill
from policies.engine.outcome import Refusal


@dataclass(frozen=True, slots=True)
class TriedBill:
    """What a bill would come to now, and the other claims with the same invoice number of the same provider."""

    outcome: Settlement | Refusal
    same_invoice: list[Claim]


def try_claim(new: NewClaim, *, today: date) -> TriedBill:
    """What a claim would come to if it were registered and settled now; nothing of it stays.

    Raises what registering and settling it would raise.
    """
    return _tried(new.draft(), new.lines, today)


def try_correction(claim: Claim, bill: Bill, *, today: date) -> TriedBill:
    """What a registered claim would come to with this bill; nothing of it stays. Raises what `try_claim` raises."""
    draft = Claim.objects.select_related("member__region", "provider").get(pk=claim.pk)
    bill.put_on(draft)
    return _tried(draft, bill.lines, today)


def _tried(claim: Claim, lines: Sequence[ClaimLine], today: date) -> TriedBill:
    check_claim(claim, lines, today)
    take_catalogue_shares(claim, lines)
    return TriedBill(trial_of_bill(claim, lines), same_invoice(claim))


@transaction.atomic
def correct_claim(claim: Claim, bill: Bill, *, today: date, actor: User | None, reason: str) -> Claim:
    """Put right what was entered of a direct settlement that is registered or refused; then it is registered.

    The history keeps what was there. MoveNotAllowed for one that is settled or reversed. DomainError for what
    `register_claim` refuses, for a manual claim, and for a claim that a provider reported.
    """
    # In this order settlements lock, too (decision 0005).
    locked_members([claim])
    held = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if held.channel == SettlementChannel.MANUAL:
        raise DomainError(_("This claim was filed by hand. Correct the bill on the page of its reimbursement."))
    if held.state not in OPEN_STATES:
        raise MoveNotAllowed(_("This claim is settled or reversed already."))
    if is_reported(held):
        raise DomainError(_("A provider reported this claim. What is wrong in it is put right in the provider's file."))
    # What was refused is what stood there before.
    mark(held, ClaimState.REGISTERED)
    return put_bill(held, bill, today=today, actor=actor, reason=reason)


def put_bill(claim: Claim, bill: Bill, *, today: date, actor: User | None, reason: str) -> Claim:
    """Save a claim with another bill than it has. The caller holds its lock, and says when that may be done.

    The history keeps what was there. DomainError for what `register_claim` refuses.
    """
    bill.put_on(claim)
    check_claim(claim, bill.lines, today)
    tracked_save(claim, actor, reason)
    take_catalogue_shares(claim, bill.lines)
    lines = list(claim.lines.order_by("pk"))
    if [line.entered() for line in lines] != [line.entered() for line in bill.lines]:
        for line in lines:
            line._history_user, line._change_reason = actor, reason  # type: ignore[attr-defined]
            line.delete()
        put_lines(claim, bill.lines)
    return claim
