"""The bill of a manual claim: corrected, and tried as it would be corrected, before another person decides on it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction

from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine
from claims.services.bills import TriedBill, entered_lines, tried
from claims.services.registration import NewLine, check_claim, normal_invoice_number, with_catalogue_shares
from reimbursements.models import Reimbursement
from reimbursements.services.checks import locked_reimbursement


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
    reimbursement = locked_reimbursement(reimbursement, "edit")
    claim = reimbursement.claim
    claim.served_on, claim.invoice_number = served_on, normal_invoice_number(invoice_number)
    check_claim(claim, lines, today)
    tracked_save(claim, actor, reason)
    note_author(reimbursement, actor.pk)
    tracked_save(reimbursement, actor, reason)
    shared = with_catalogue_shares(claim, lines)
    if entered_lines(claim) != list(shared):
        _replace_lines(claim, shared, actor, reason)
    return claim


def _replace_lines(claim: Claim, lines: Sequence[NewLine], actor: User, reason: str) -> None:
    for line in claim.lines.order_by("pk"):
        line._history_user, line._change_reason = actor, reason  # type: ignore[attr-defined]
        line.delete()
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **asdict(line)) for line in lines)


def try_bill(
    reimbursement: Reimbursement, *, lines: Sequence[NewLine], served_on: date, invoice_number: str, today: date
) -> TriedBill:
    """What a registered claim would come to with its bill corrected so; nothing of it stays."""
    claim = Claim.objects.select_related("member__region", "provider", "disease", "account_holder").get(
        pk=reimbursement.claim_id
    )
    claim.served_on, claim.invoice_number = served_on, normal_invoice_number(invoice_number)
    return tried(claim, lines, today)
