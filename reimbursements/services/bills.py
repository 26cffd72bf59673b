"""The bill of a manual claim, corrected before another person decides on it."""

from datetime import date

from django.db import transaction

from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from claims.models import Claim
from claims.services.bills import put_bill
from claims.services.new_claims import Bill
from reimbursements.models import Reimbursement
from reimbursements.services.checks import locked_reimbursement


@transaction.atomic
def correct_bill(reimbursement: Reimbursement, bill: Bill, *, today: date, actor: User, reason: str) -> Claim:
    """Put right what was entered of a manual claim, before it is submitted, or submitted again.

    The history keeps what was there. MoveNotAllowed later; DomainError for what `register_claim` refuses.
    """
    reimbursement = locked_reimbursement(reimbursement, "edit")
    claim = put_bill(reimbursement.claim, bill, today=today, actor=actor, reason=reason)
    note_author(reimbursement, actor.pk)
    tracked_save(reimbursement, actor, reason)
    return claim
