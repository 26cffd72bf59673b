"""The bill of a claim: tried before it is registered (试算), and corrected before another person decides on it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction

from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, Reimbursement, Settlement
from claims.selectors.documents import same_invoice
from claims.services.registration import NewLine, check_claim, new_claim, normal_invoice_number, with_catalogue_shares
from claims.services.reimbursement_checks import locked_reimbursement
from claims.services.reimbursements import EDITABLE
from claims.services.settlement import trial_of_bill
from members.models import Member
from policies.engine.outcome import Refusal
from providers.models import Provider


@dataclass(frozen=True, slots=True)
class TriedBill:
    """What a bill would come to now, and the other claims with the same invoice number of the same provider."""

    outcome: Settlement | Refusal
    same_invoice: list[Claim]


@transaction.atomic
def correct_bill(
    reimbursement: Reimbursement,
    *,
    lines: Sequence[NewLine],
    served_on: date,
    invoice_number: str,
    today: date,
    actor: User,
    reason: str,
) -> Claim:
    """Change day, invoice number and lines of a manual claim before it is submitted, or submitted again.

    The history keeps what was there.

    MoveNotAllowed later; DomainError for what `register_claim` refuses.
    """
    found = locked_reimbursement(reimbursement, *EDITABLE)
    claim = found.claim
    claim.served_on, claim.invoice_number = served_on, normal_invoice_number(invoice_number)
    check_claim(claim, lines, today)
    tracked_save(claim, actor, reason)
    note_author(found, actor.pk)
    tracked_save(found, actor, reason)
    shared = with_catalogue_shares(claim, lines)
    if entered_lines(claim) != list(shared):
        _replace_lines(claim, shared, actor, reason)
    return claim


def entered_lines(claim: Claim) -> list[NewLine]:
    """The claim's lines as they would be entered, in their order."""
    names = [field.name for field in fields(NewLine)]
    return [NewLine(**{name: getattr(line, name) for name in names}) for line in claim.lines.order_by("pk")]


def _replace_lines(claim: Claim, lines: Sequence[NewLine], actor: User, reason: str) -> None:
    for line in claim.lines.order_by("pk"):
        line._history_user, line._change_reason = actor, reason  # type: ignore[attr-defined]
        line.delete()
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **asdict(line)) for line in lines)


def try_claim(member: Member, provider: Provider, *, lines: Sequence[NewLine], today: date, **facts: Any) -> TriedBill:
    """What a claim would come to if it were registered and settled now; nothing of it stays. facts: as of `new_claim`.

    Raises what registering and settling it would raise.
    """
    return _tried(new_claim(member, provider, **facts), lines, today)


def try_bill(
    reimbursement: Reimbursement, *, lines: Sequence[NewLine], served_on: date, invoice_number: str, today: date
) -> TriedBill:
    """What a registered claim would come to with its bill corrected so; nothing of it stays."""
    claim = Claim.objects.select_related("member__region", "provider", "disease", "account_holder").get(
        pk=reimbursement.claim_id
    )
    claim.served_on, claim.invoice_number = served_on, normal_invoice_number(invoice_number)
    return _tried(claim, lines, today)


def _tried(claim: Claim, lines: Sequence[NewLine], today: date) -> TriedBill:
    check_claim(claim, lines, today)
    bill = [ClaimLine(claim=claim, **asdict(line)) for line in with_catalogue_shares(claim, lines)]
    return TriedBill(trial_of_bill(claim, bill), same_invoice(claim))
