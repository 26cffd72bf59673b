"""What becomes of a reimbursement whose settlement is taken back: nothing is paid, more is paid, or it is recovered."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, EntryKind
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import User
from agency.services.cases import let_go
from agency.services.history import tracked_save
from claims.models import Claim, Resettlement
from claims.rooms_above import PaidOut
from reimbursements.models import ItemState, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_pay

# What a reversal of the claim's settlement turns into a reversed reimbursement.
REVERSIBLE = (ReimbursementState.APPROVED, ReimbursementState.PAYMENT_FAILED, ReimbursementState.PAID)


class HeldReimbursements(PaidOut):
    """The reimbursements of claims whose settlements are taken back, locked; the caller has locked the claims."""

    def __init__(self, claims: Collection[Claim]) -> None:
        """DomainError while the bank is asked to pay one of them, or the member is still owed what an earlier reversal
        found: what was paid out is counted once the bank has answered.
        """
        locked = Reimbursement.objects.select_for_update(of=("self",), no_key=True).select_related("claim")
        self._by_claim = {each.claim_id: each for each in locked.filter(claim__in=list(claims)).order_by("pk")}
        self._refuse_waiting()
        self._refuse_owed()
        self.claims = self._were_paid_out()

    def _refuse_waiting(self) -> None:
        held = list(self._by_claim.values())
        waiting = PaymentItem.objects.filter(reimbursement__in=held, state=ItemState.WAITING)
        item = waiting.select_related("batch__region", "reimbursement__claim").first()
        if item is not None:
            raise DomainError(
                _(
                    "Claim %(claim)s is in payment batch %(batch)s. Discard the batch or wait for the bank's answer "
                    "first."
                )
                % {"claim": item.reimbursement.claim, "batch": item.batch}
            )

    def _refuse_owed(self) -> None:
        owed = to_pay().filter(claim__in=list(self._by_claim)).select_related("claim").first()
        if owed is not None:
            raise DomainError(
                _(
                    "For claim %(claim)s the member still gets %(amount)s yuan after an earlier reversal. Pay that "
                    "first."
                )
                % {"claim": owed.claim, "amount": owed.difference}
            )

    def _were_paid_out(self) -> set[int]:
        """Those that the bank has paid the member for, or that were closed because nothing was due."""
        held = list(self._by_claim.values())
        paid = PaymentItem.objects.filter(reimbursement__in=held, state=ItemState.PAID)
        by_bank = set(paid.values_list("reimbursement__claim", flat=True))
        return by_bank | {each.claim_id for each in held if each.state == ReimbursementState.PAID}

    def pay_nothing(self, claims: Collection[int], *, actor: User | None, reason: str) -> None:
        """Mark those that were approved reversed."""
        for each in self._by_claim.values():
            if each.claim_id in claims and each.state in REVERSIBLE:
                each.state = ReimbursementState.REVERSED
                tracked_save(each, actor, reason)

    def pay_more(self, claim: int, *, actor: User | None, reason: str) -> None:
        """Let a paid one wait for another batch."""
        reimbursement = self._by_claim.get(claim)
        if reimbursement is not None and reimbursement.state == ReimbursementState.PAID:
            reimbursement.state = ReimbursementState.APPROVED
            tracked_save(reimbursement, actor, reason)


@transaction.atomic
def record_recovery(resettlement: Resettlement, *, on: date, today: date, reference: str, actor: User) -> Resettlement:
    """The member has paid back what was paid too much; reference: of the receipt or of the bank.

    SamePersonDecides for whoever asked for the reversal or the batch, or decided it; DomainError for a day in the
    future or before the day of the reversal, or without a reference; MoveNotAllowed where nothing is to be recovered.
    """
    resettlement = (
        Resettlement.objects.select_for_update(of=("self",))
        .select_related("reversal", "batch_year__batch", "claim__member__region", "before__reversed_by")
        .get(pk=resettlement.pk)
    )
    if not resettlement.was_paid_out or resettlement.difference >= 0 or resettlement.recovered_on is not None:
        raise MoveNotAllowed(_("Nothing is to be recovered here, or it was recovered already."))
    decision = resettlement.decision
    if actor.pk in {*decision.authors, decision.submitted_by_id, decision.decided_by_id}:
        raise SamePersonDecides(_("You asked for this or decided it; somebody else records the money."))
    if not reference.strip():
        raise DomainError(_("Give the number of the receipt, or the bank's reference."), field="reference")
    if on > today or on < resettlement.before.reversed_by.settled_on:
        raise DomainError(_("The day lies in the future, or before the day of the reversal."), field="on")
    resettlement.recovered_on, resettlement.recovered_by, resettlement.recovery_reference = on, actor, reference.strip()
    resettlement.save(update_fields=["recovered_on", "recovered_by", "recovery_reference"])
    let_go(resettlement, actor)
    region = resettlement.claim.member.region
    name = f"resettlement:{resettlement.pk}"
    posting = Posting(
        debit=book(region, AccountKind.BANK),
        credit=book(region, AccountKind.MEMBER_PAYABLE),
        amount=-resettlement.difference,
        kind=EntryKind.REPAYMENT,
        key=name,
        cause=name,
    )
    post([posting], on=today, actor=actor)
    return resettlement
