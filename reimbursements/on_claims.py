"""What manual reimbursement has to do with claims: it examines and pays those that were filed by hand."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from agency.models import User
from agency.services.moves import arrive
from claims.models import Claim, DocumentKind
from claims.rooms_above import RoomAbove, ToDo
from reimbursements.models import Reimbursement
from reimbursements.models.reimbursements import EDITABLE
from reimbursements.selectors.differences import paid_again, to_do_about
from reimbursements.selectors.papers import required_kinds
from reimbursements.services.checks import locked_reimbursement
from reimbursements.services.recoveries import HeldReimbursements
from reimbursements.services.reimbursements import register_reimbursement


class Reimbursements(RoomAbove):
    def begin_examination(self, claim: Claim, *, actor: User | None, reason: str) -> None:
        register_reimbursement(claim, actor=actor, reason=reason)

    def give_up_examination(self, claim: Claim, *, actor: User | None, reason: str) -> None:
        """The reimbursement of one that was filed by hand."""
        reimbursement = Reimbursement.objects.filter(claim=claim).first()
        if reimbursement is not None:
            arrive(locked_reimbursement(reimbursement, "withdraw"), actor, reason)

    def examination_of(self, claim: Claim) -> Model | None:
        return Reimbursement.objects.filter(claim=claim).first()

    def papers_asked_for(self, claim: Claim) -> Sequence[DocumentKind]:
        """By the kind of its reimbursement."""
        return required_kinds(claim)

    def keeps_papers(self, claim: Claim) -> bool:
        return Reimbursement.objects.filter(claim=claim).exclude(state__in=EDITABLE).exists()

    def hold_paid_out(self, claims: Sequence[Claim]) -> HeldReimbursements:
        return HeldReimbursements(claims)

    def in_payment(self) -> QuerySet[Any]:
        return paid_again()

    def to_do_about(self, difference: Decimal, recovered_on: date | None, *, is_in_payment: bool) -> ToDo:
        """Paid in a batch, or recovered."""
        return to_do_about(difference, recovered_on, is_in_payment=is_in_payment)
