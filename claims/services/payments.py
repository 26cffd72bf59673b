"""Payment batches: drafted by finance, approved by another person, neither of whom has handled a claim in it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import PoolingRegion, User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
from claims.models import (
    BatchState,
    ItemState,
    PaymentBatch,
    PaymentItem,
    Reimbursement,
    ReimbursementState,
    Resettlement,
)
from claims.selectors.handlers import handlers_of
from claims.selectors.payments import bank_file_rows, batch_payload, owed_to_members
from claims.selectors.resettlements import to_pay


@transaction.atomic
def draft_batch(
    region: PoolingRegion, *, reimbursements: Sequence[Reimbursement] | None = None, actor: User
) -> PaymentBatch | None:
    """Take approved reimbursements of a region into a new batch: those given, or all that wait.

    The amount is what the settlement left payable to the member; of one that was paid and then settled anew, what the
    member gets more. One that is owed nothing is marked paid without a payment; None where that is so for all of them.
    SamePersonDecides where the drafter had a hand in one of the claims (`handlers_of`); DomainError where one is not
    approved, has no payee or no settlement that stands, or none waits.
    """
    # Drafts of a region go one after the other: batches are numbered, and each reimbursement enters one of them.
    PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    taken = _waiting(region, reimbursements)
    refuse_own_claims(actor, taken)
    anew = _settled_anew(taken)
    owed = owed_to_members(taken) | {claim: each.difference for claim, each in anew.items()}
    _refuse_named(_("No settlement of these claims stands: %(claims)s."), [r for r in taken if r.claim_id not in owed])
    payable = [each for each in taken if owed[each.claim_id]]
    _refuse_named(
        _("Enter payee, bank and account number first, for these claims: %(claims)s."),
        [each for each in payable if not (each.payee_name and each.payee_bank and each.payee_account)],
    )
    for each in taken:
        if not owed[each.claim_id]:
            _move(each, ReimbursementState.PAID, actor, "nothing to pay out")
    return _batch(region, payable, owed, anew, actor) if payable else None


def _settled_anew(reimbursements: Iterable[Reimbursement]) -> dict[int, Resettlement]:
    """By claim id the oldest re-settlement of which the member still gets more than was paid; one at a time."""
    waiting = to_pay().filter(claim__in=[each.claim_id for each in reimbursements])
    return {each.claim_id: each for each in waiting.order_by("-pk")}


def _waiting(region: PoolingRegion, wanted: Sequence[Reimbursement] | None) -> list[Reimbursement]:
    waiting = (
        Reimbursement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claim")
        .filter(claim__region=region, state=ReimbursementState.APPROVED)
        .order_by("pk")
    )
    if wanted is not None:
        waiting = waiting.filter(pk__in=[each.pk for each in wanted])
    found = list(waiting)
    known = {each.pk for each in found}
    _refuse_named(
        _("These claims of the region do not wait for payment: %(claims)s."),
        [each for each in wanted or () if each.pk not in known],
    )
    if not found:
        raise DomainError(_("No approved reimbursement of the region waits for payment."))
    return found


def _refuse_named(sentence: Any, reimbursements: Iterable[Reimbursement]) -> None:
    numbers = ", ".join(str(each.claim) for each in reimbursements)
    if numbers:
        raise DomainError(sentence % {"claims": numbers})


def _handled(actor: User, reimbursements: Sequence[Reimbursement]) -> list[Reimbursement]:
    handlers = handlers_of([each.claim_id for each in reimbursements])
    return [each for each in reimbursements if actor.pk in handlers[each.claim_id]]


def refuse_own_claims(actor: User, reimbursements: Sequence[Reimbursement]) -> None:
    """SamePersonDecides where the actor had a hand in one of the claims, which names those (`handlers_of`)."""
    numbers = ", ".join(str(each.claim) for each in _handled(actor, reimbursements))
    if numbers:
        raise SamePersonDecides(
            _(
                "You entered, examined or corrected these claims or their payees; somebody else has to pay them: "
                "%(claims)s."
            )
            % {"claims": numbers}
        )


def _batch(
    region: PoolingRegion,
    payable: Sequence[Reimbursement],
    owed: dict[int, Decimal],
    anew: dict[int, Resettlement],
    actor: User,
) -> PaymentBatch:
    last = PaymentBatch.objects.filter(region=region).aggregate(last=Max("number"))["last"]
    batch = PaymentBatch(region=region, number=(last or 0) + 1, drafted_by=actor)
    tracked_save(batch, actor, "drafted")
    PaymentItem.objects.bulk_create(
        PaymentItem(
            batch=batch,
            reimbursement=each,
            resettlement=anew.get(each.claim_id),
            amount=owed[each.claim_id],
            payee_name=each.payee_name,
            payee_bank=each.payee_bank,
            payee_account=each.payee_account,
        )
        for each in payable
    )
    for each in payable:
        _move(each, ReimbursementState.IN_PAYMENT, actor, f"payment batch {batch.number}")
    return batch


def _move(reimbursement: Reimbursement, state: ReimbursementState, actor: User | None, reason: str) -> None:
    reimbursement.state = state
    tracked_save(reimbursement, actor, reason)


def locked_batch(batch: PaymentBatch, *states: BatchState) -> PaymentBatch:
    """The batch's row, locked. MoveNotAllowed where it is in another state than these."""
    found = PaymentBatch.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=batch.pk)
    if found.state not in states:
        raise MoveNotAllowed(
            _("This payment batch is %(state)s; that cannot be done with it.") % {"state": found.get_state_display()}
        )
    return found


def reimbursements_of(batch: PaymentBatch) -> list[Reimbursement]:
    """Those that the batch pays, locked."""
    locked = Reimbursement.objects.select_for_update(of=("self",), no_key=True).select_related("claim")
    return list(locked.filter(payments__batch=batch).order_by("pk"))


@transaction.atomic
def submit_batch(batch: PaymentBatch, *, actor: User) -> PaymentBatch:
    """Hand a draft to another person. SamePersonDecides for whoever had a hand in a claim in it."""
    found = locked_batch(batch, BatchState.DRAFT)
    refuse_own_claims(actor, reimbursements_of(found))
    record_submission(found, actor, batch_payload(found))
    found.state = BatchState.SUBMITTED
    tracked_save(found, actor, "submitted")
    return found


@transaction.atomic
def approve_batch(batch: PaymentBatch, *, actor: User, reason: str = "", seen: str = "") -> PaymentBatch:
    """Release a submitted batch to the bank. seen: as of `record_decision`.

    SamePersonDecides for whoever drafted or submitted it, and for whoever had a hand in a claim in it;
    SubmissionVoided where a payment is not as it was submitted, or another submission stands than was seen.
    """
    found = locked_batch(batch, BatchState.SUBMITTED)
    if found.drafted_by_id == actor.pk:
        raise SamePersonDecides(_("Another person than the one who drafted the batch must approve it."))
    record_decision(found, actor, batch_payload(found), reason, seen=seen)
    refuse_own_claims(actor, reimbursements_of(found))
    found.state = BatchState.APPROVED
    tracked_save(found, actor, reason or "approved")
    return found


@transaction.atomic
def return_batch(batch: PaymentBatch, *, actor: User, reason: str, seen: str = "") -> PaymentBatch:
    """Send a submitted batch back to whoever drafted it; the reason is required. seen: as of `record_decision`.

    SamePersonDecides as for an approval, but for the drafter.
    """
    found = locked_batch(batch, BatchState.SUBMITTED)
    # None: a batch that was changed since can be sent back, too.
    record_decision(found, actor, None, reason, reason_required=True, seen=seen)
    refuse_own_claims(actor, reimbursements_of(found))
    found.state = BatchState.DRAFT
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def discard_batch(batch: PaymentBatch, *, actor: User, reason: str) -> PaymentBatch:
    """Give up a batch that was not approved; its reimbursements wait for another one.

    DomainError without a reason; SamePersonDecides for whoever had a hand in a claim in it.
    """
    found = locked_batch(batch, BatchState.DRAFT, BatchState.SUBMITTED)
    given_back = reimbursements_of(found)
    refuse_own_claims(actor, given_back)
    found.state = BatchState.DISCARDED
    tracked_save(found, actor, reason)
    for each in given_back:
        _move(each, ReimbursementState.APPROVED, actor, f"payment batch {found.number} discarded")
    found.items.update(state=ItemState.DROPPED)
    return found


@transaction.atomic
def take_bank_file(batch: PaymentBatch, *, actor: User) -> list[list[Any]]:
    """The rows of the file for the bank, of an approved batch; its history keeps who took them, each time.

    SamePersonDecides for whoever had a hand in a claim in it.
    """
    found = locked_batch(batch, BatchState.APPROVED)
    refuse_own_claims(actor, reimbursements_of(found))
    tracked_save(found, actor, "bank file downloaded")
    return bank_file_rows(found)


@transaction.atomic
def correct_payee(
    reimbursement: Reimbursement, *, payee_name: str, payee_bank: str, payee_account: str, actor: User, reason: str
) -> Reimbursement:
    """Put right where the money of a failed payment goes; it then waits, approved as before, for another batch.

    DomainError where something is left empty, or without a reason; MoveNotAllowed where no payment has failed.
    """
    found = (
        Reimbursement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claim")
        .get(pk=reimbursement.pk)
    )
    if found.state != ReimbursementState.PAYMENT_FAILED:
        raise MoveNotAllowed(_("Only where a payment has failed is the payee corrected."))
    for name, text in (("payee_name", payee_name), ("payee_bank", payee_bank), ("payee_account", payee_account)):
        if not text.strip():
            raise DomainError(_("This must not be empty."), field=name)
        setattr(found, name, text.strip())
    found.payee_corrected_by = actor
    _move(found, ReimbursementState.APPROVED, actor, reason)
    return found
