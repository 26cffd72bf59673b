"""Payment batches drafted: what of a region's approved reimbursements the bank is asked to pay at once."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from claims.models import Resettlement
from reimbursements.models import PaymentBatch, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_pay
from reimbursements.selectors.payments import owed_to_members
from reimbursements.services.payments import handled_by, has_payee, move, refuse_own_claims


class Drafted(NamedTuple):
    """What became of a region's waiting reimbursements: the batch, None where nothing is owed, and what still waits."""

    batch: PaymentBatch | None
    without_payee: list[Reimbursement]
    handled: list[Reimbursement]


@transaction.atomic
def draft_region(region: PoolingRegion, *, actor: User) -> Drafted:
    """Take everything of a region that waits into a new batch, but for what the actor handled and what has no payee.

    One that cannot be paid keeps no other from being paid. SamePersonDecides or DomainError where that leaves nothing;
    DomainError also as of `draft_batch`.
    """
    _lock_drafts(region)
    taken = _waiting(region, None)
    handled = handled_by(actor, taken)
    mine = {each.pk for each in handled}
    others = [each for each in taken if each.pk not in mine]
    owed = _owed(others)
    without_payee = _without_payee(others, owed)
    lacking = {each.pk for each in without_payee}
    payable = [each for each in others if each.pk not in lacking]
    if not payable:
        refuse_own_claims(actor, handled)
        _refuse_without_payee(without_payee)
    return Drafted(_draft(region, payable, owed, actor), without_payee, handled)


@transaction.atomic
def draft_batch(region: PoolingRegion, *, reimbursements: Sequence[Reimbursement], actor: User) -> PaymentBatch | None:
    """Take these approved reimbursements of a region into a new batch.

    The amount is what the settlement left payable to the member; of one that was paid and then settled anew, what the
    member gets more. One that is owed nothing is marked paid without a payment; None where that is so for all of them.
    SamePersonDecides where the drafter had a hand in one of the claims (`handlers_of`); DomainError where one is not
    approved, has no payee or no settlement that stands, or none waits.
    """
    _lock_drafts(region)
    taken = _waiting(region, reimbursements)
    refuse_own_claims(actor, taken)
    owed = _owed(taken)
    _refuse_without_payee(_without_payee(taken, owed))
    return _draft(region, taken, owed, actor)


def _lock_drafts(region: PoolingRegion) -> None:
    """Drafts of a region go one after the other: batches are numbered, and each reimbursement enters one of them."""
    PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)


def _owed(taken: Sequence[Reimbursement]) -> dict[int, Decimal]:
    """Yuan by claim id; DomainError where no settlement of a claim stands."""
    owed = owed_to_members(taken) | {claim: each.difference for claim, each in _settled_anew(taken).items()}
    _refuse_named(_("No settlement of these claims stands: %(claims)s."), [r for r in taken if r.claim_id not in owed])
    return owed


def _without_payee(taken: Sequence[Reimbursement], owed: Mapping[int, Decimal]) -> list[Reimbursement]:
    return [each for each in taken if owed[each.claim_id] and not has_payee(each)]


def _refuse_without_payee(reimbursements: Iterable[Reimbursement]) -> None:
    _refuse_named(
        _("These claims lack payee, bank or account number; have a clerk correct the payee first: %(claims)s."),
        reimbursements,
    )


def _draft(
    region: PoolingRegion, taken: Sequence[Reimbursement], owed: Mapping[int, Decimal], actor: User
) -> PaymentBatch | None:
    for each in taken:
        if not owed[each.claim_id]:
            move(each, ReimbursementState.PAID, actor, "nothing to pay out")
    payable = [each for each in taken if owed[each.claim_id]]
    return _batch(region, payable, owed, _settled_anew(payable), actor) if payable else None


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
    waiting_now = list(waiting)
    known = {each.pk for each in waiting_now}
    _refuse_named(
        _("These claims of the region do not wait for payment: %(claims)s."),
        [each for each in wanted or () if each.pk not in known],
    )
    if not waiting_now:
        raise DomainError(_("No approved reimbursement of the region waits for payment."))
    return waiting_now


def _refuse_named(sentence: Any, reimbursements: Iterable[Reimbursement]) -> None:
    numbers = ", ".join(str(each.claim) for each in reimbursements)
    if numbers:
        raise DomainError(sentence % {"claims": numbers})


def _batch(
    region: PoolingRegion,
    payable: Sequence[Reimbursement],
    owed: Mapping[int, Decimal],
    anew: Mapping[int, Resettlement],
    actor: User,
) -> PaymentBatch:
    last = PaymentBatch.objects.filter(region=region).aggregate(last=Max("number"))["last"]
    batch = PaymentBatch(region=region, number=(last or 0) + 1, drafted_by=actor)
    note_author(batch, actor.pk)
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
        move(each, ReimbursementState.IN_PAYMENT, actor, f"payment batch {batch.number}")
    return batch
