"""The bill of a claim: tried before it is registered or corrected (试算), and corrected before it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, Settlement
from claims.selectors.documents import same_invoice
from claims.services.new_claims import Bill, NewClaim, put_lines, take_catalogue_shares
from claims.services.registration import check_claim
from claims.services.settlement import trial_of_bill
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


def put_bill(claim: Claim, bill: Bill, *, today: date, actor: User, reason: str) -> Claim:
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
