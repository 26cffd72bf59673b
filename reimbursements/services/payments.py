"""Payment batches: submitted and approved by two people of finance, neither of whom has handled a claim in them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import User
from agency.services.history import tracked_save
from agency.services.moves import arrive, decide, locked, refuse, submit
from reimbursements.models import ItemState, PaymentBatch, Reimbursement, ReimbursementState
from reimbursements.selectors.handlers import handlers_of
from reimbursements.selectors.payments import bank_file_rows, batch_payload


def has_payee(reimbursement: Reimbursement) -> bool:
    """Whether it says where its money goes."""
    return bool(reimbursement.payee_name and reimbursement.payee_bank and reimbursement.payee_account)


def handled_by(actor: User, reimbursements: Sequence[Reimbursement]) -> list[Reimbursement]:
    """Those in which the actor had a hand (`handlers_of`)."""
    handlers = handlers_of([each.claim_id for each in reimbursements])
    return [each for each in reimbursements if actor.pk in handlers[each.claim_id]]


def refuse_own_claims(actor: User, reimbursements: Sequence[Reimbursement]) -> None:
    """SamePersonDecides where the actor had a hand in one of the claims, which names those (`handlers_of`)."""
    numbers = ", ".join(str(each.claim) for each in handled_by(actor, reimbursements))
    if numbers:
        raise SamePersonDecides(
            _(
                "You entered, examined or corrected these claims or their payees; somebody else has to pay them: "
                "%(claims)s."
            )
            % {"claims": numbers}
        )


def move(reimbursement: Reimbursement, state: ReimbursementState, actor: User | None, reason: str) -> None:
    """Save a reimbursement, locked by the caller, in another state."""
    reimbursement.state = state
    tracked_save(reimbursement, actor, reason)


def reimbursements_of(batch: PaymentBatch) -> list[Reimbursement]:
    """Those that the batch pays, locked."""
    locked = Reimbursement.objects.select_for_update(of=("self",), no_key=True).select_related("claim")
    return list(locked.filter(payments__batch=batch).order_by("pk"))


@transaction.atomic
def submit_batch(batch: PaymentBatch, *, actor: User) -> PaymentBatch:
    """Hand a draft to another person. SamePersonDecides for whoever had a hand in a claim in it."""
    batch = locked(batch, "submit", "region")
    refuse_own_claims(actor, reimbursements_of(batch))
    return submit(batch, batch_payload(batch), actor)


@transaction.atomic
def approve_batch(batch: PaymentBatch, *, actor: User, reason: str = "", seen: str = "") -> PaymentBatch:
    """Release a submitted batch to the bank. seen: as of `record_decision`.

    SamePersonDecides for whoever drafted or submitted it, and for whoever had a hand in a claim in it;
    SubmissionVoided where a payment is not as it was submitted, or another submission stands than was seen.
    """
    batch = locked(batch, "approve", "region")
    decide(batch, batch_payload(batch), actor, reason, seen)
    refuse_own_claims(actor, reimbursements_of(batch))
    return arrive(batch, actor, reason or "approved")


@transaction.atomic
def return_batch(batch: PaymentBatch, *, actor: User, reason: str, seen: str = "") -> PaymentBatch:
    """Send a submitted batch back to whoever drafted it; the reason is required. seen: as of `record_decision`.

    SamePersonDecides as for an approval.
    """
    returned = refuse(batch, actor=actor, reason=reason, seen=seen, move="return")
    refuse_own_claims(actor, reimbursements_of(returned))
    return returned


@transaction.atomic
def discard_batch(batch: PaymentBatch, *, actor: User, reason: str) -> PaymentBatch:
    """Give up a batch that was not approved; its reimbursements wait for another one.

    DomainError without a reason; SamePersonDecides for whoever had a hand in a claim in it.
    """
    batch = locked(batch, "discard", "region")
    given_back = reimbursements_of(batch)
    refuse_own_claims(actor, given_back)
    arrive(batch, actor, reason)
    for each in given_back:
        move(each, ReimbursementState.APPROVED, actor, f"payment batch {batch.number} discarded")
    batch.items.update(state=ItemState.DROPPED)
    return batch


@transaction.atomic
def take_bank_file(batch: PaymentBatch, *, actor: User) -> list[list[Any]]:
    """The rows of the file for the bank, of an approved batch; its history keeps who took them, each time.

    SamePersonDecides for whoever had a hand in a claim in it.
    """
    batch = locked(batch, "take_file", "region")
    refuse_own_claims(actor, reimbursements_of(batch))
    arrive(batch, actor, "bank file downloaded")
    return bank_file_rows(batch)


def lacks_right_payee(reimbursement: Reimbursement) -> bool:
    """Whether its money cannot be paid before somebody corrects the payee."""
    if reimbursement.state == ReimbursementState.APPROVED:
        return not has_payee(reimbursement)
    return reimbursement.state == ReimbursementState.PAYMENT_FAILED


@transaction.atomic
def correct_payee(
    reimbursement: Reimbursement, *, payee_name: str, payee_bank: str, payee_account: str, actor: User, reason: str
) -> Reimbursement:
    """Say where the money goes that could not be paid; it then waits, approved as before, for another batch.

    So after a payment has failed, and where the payee was never needed before, because nothing was to be paid until the
    claim was settled anew. DomainError where something is left empty, or without a reason; MoveNotAllowed otherwise.
    """
    reimbursement = (
        Reimbursement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claim")
        .get(pk=reimbursement.pk)
    )
    if not lacks_right_payee(reimbursement):
        raise MoveNotAllowed(_("Only where a payment has failed, or no payee is known, is the payee corrected."))
    for name, text in (("payee_name", payee_name), ("payee_bank", payee_bank), ("payee_account", payee_account)):
        if not text.strip():
            raise DomainError(_("This must not be empty."), field=name)
        setattr(reimbursement, name, text.strip())
    reimbursement.payee_corrected_by = actor
    move(reimbursement, ReimbursementState.APPROVED, actor, reason)
    return reimbursement
