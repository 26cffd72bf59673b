"""The bill of a claim, tried before it is registered (试算)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from claims.models import Claim, ClaimLine, Settlement
from claims.selectors.documents import same_invoice
from claims.services.registration import NewLine, check_claim, new_claim, with_catalogue_shares
from claims.services.settlement import trial_of_bill
from members.models import Member
from policies.engine.outcome import Refusal
from providers.models import Provider


@dataclass(frozen=True, slots=True)
class TriedBill:
    """What a bill would come to now, and the other claims with the same invoice number of the same provider."""

    outcome: Settlement | Refusal
    same_invoice: list[Claim]


def entered_lines(claim: Claim) -> list[NewLine]:
    """The claim's lines as they would be entered, in their order."""
    names = [field.name for field in fields(NewLine)]
    return [NewLine(**{name: getattr(line, name) for name in names}) for line in claim.lines.order_by("pk")]


def try_claim(member: Member, provider: Provider, *, lines: Sequence[NewLine], today: date, **facts: Any) -> TriedBill:
    """What a claim would come to if it were registered and settled now; nothing of it stays. facts: as of `new_claim`.

    Raises what registering and settling it would raise.
    """
    return tried(new_claim(member, provider, **facts), lines, today)


def tried(claim: Claim, lines: Sequence[NewLine], today: date) -> TriedBill:
    """What a claim would come to with these lines, whether it is registered or not; nothing of it stays."""
    check_claim(claim, lines, today)
    bill = [ClaimLine(claim=claim, **asdict(line)) for line in with_catalogue_shares(claim, lines)]
    return TriedBill(trial_of_bill(claim, bill), same_invoice(claim))
