"""A payment batch from the draft to the bank: who may have a hand in it, and what it pays."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import User
from claims.services.reversal import approve_reversal, request_reversal
from reimbursements.models import BatchState, ItemState, PaymentBatch, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.services.payment_drafts import draft_batch, draft_region
from reimbursements.services.payments import (
    approve_batch,
    correct_payee,
    discard_batch,
    return_batch,
    submit_batch,
    take_bank_file,
)
from tests import builder
from tests.builder import pair, retiree
from tests.builder.accounts import give
from tests.builder.claims import DAY
from tests.builder.damage import rewrite
from tests.builder.reimbursements import ACCOUNT, drafted, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@dataclass
class People:
    """The clerk and the supervisor of every claim here, and two of finance."""

    clerk: User
    supervisor: User
    cashier: User
    treasurer: User


@pytest.fixture(name="people")
def four_people(db: None) -> People:
    clerk, supervisor = pair(builder.region("pingliang"))
    return People(clerk, supervisor, builder.staff("cashier"), builder.staff("treasurer"))


def state_of(reimbursement: Reimbursement) -> str:
    return Reimbursement.objects.get(pk=reimbursement.pk).state


def test_what_the_fund_pays_is_paid_to_the_payee(people: People) -> None:
    """70 % of 300.00 less the deductible of 200.00."""
    found = waiting()
    batch = drafted(by=people.cashier)
    item = batch.items.get()
    assert (item.amount, item.payee_name, item.payee_account) == (Decimal("70.00"), found.payee_name, ACCOUNT)
    assert item.masked_account == "6200*****6789"
    assert (batch.state, batch.number, state_of(found)) == (BatchState.DRAFT, 1, ReimbursementState.IN_PAYMENT)


def test_what_an_account_paid_is_paid_out_too(people: People) -> None:
    """The fund's 70.00, and 40.00 that the account held."""
    member = retiree()
    give(member, "40.00")
    waiting(member=member, pay_from_account=True)
    assert drafted(by=people.cashier).items.get().amount == Decimal("110.00")


def test_where_nothing_is_owed_nothing_is_sent(people: People) -> None:
    """100.00 lie below the deductible of 200.00."""
    nothing, something = waiting("100.00"), waiting()
    assert [item.reimbursement_id for item in drafted(by=people.cashier).items.all()] == [something.pk]
    assert state_of(nothing) == ReimbursementState.PAID
    assert nothing.history.latest().history_change_reason == "nothing to pay out"


def test_without_anything_owed_there_is_no_batch(people: People) -> None:
    nothing = waiting("100.00")
    assert draft_region(builder.region("pingliang"), actor=people.cashier).batch is None
    assert (state_of(nothing), PaymentBatch.objects.count()) == (ReimbursementState.PAID, 0)


@pytest.mark.parametrize("who", ["clerk", "supervisor"])
def test_whoever_handled_a_claim_has_no_hand_in_its_payment(people: People, who: str) -> None:
    found, actor = waiting(), getattr(people, who)
    number = found.claim.claim_number
    with pytest.raises(SamePersonDecides, match=number):
        draft_region(builder.region("pingliang"), actor=actor)
    batch = drafted(by=people.cashier)
    with pytest.raises(SamePersonDecides, match=number):
        submit_batch(batch, actor=actor)
    submit_batch(batch, actor=people.cashier)
    with pytest.raises(SamePersonDecides, match=number):
        approve_batch(batch, actor=actor)
    assert approve_batch(batch, actor=people.treasurer).state == BatchState.APPROVED


@pytest.mark.parametrize("missing", ["payee_name", "payee_bank", "payee_account"])
def test_what_has_no_payee_is_not_drafted(people: People, missing: str) -> None:
    found, other = waiting(), waiting()
    Reimbursement.objects.filter(pk=found.pk).update(**{missing: ""})
    number = found.claim.claim_number
    with pytest.raises(DomainError, match=f"lack payee, bank or account number.*: {number}"):
        drafted(found, other, by=people.cashier)
    assert state_of(other) == ReimbursementState.APPROVED
    # Of the whole region it is left out, and keeps no other from being paid.
    made = draft_region(builder.region("pingliang"), actor=people.cashier)
    assert made.batch is not None
    assert [item.reimbursement for item in made.batch.items.all()] == [other]
    assert (made.without_payee, made.handled, state_of(found)) == ([found], [], ReimbursementState.APPROVED)
    with pytest.raises(DomainError, match=f"lack payee, bank or account number.*: {number}"):
        draft_region(builder.region("pingliang"), actor=people.cashier)


def test_a_payee_that_was_never_needed_is_entered_after_the_approval(people: People) -> None:
    found = waiting()
    payee = {"payee_name": "张伟", "payee_bank": "农业银行", "payee_account": ACCOUNT}
    with pytest.raises(MoveNotAllowed, match="no payee is known"):
        correct_payee(found, **payee, actor=people.clerk, reason=builder.REASON)
    Reimbursement.objects.filter(pk=found.pk).update(payee_name="", payee_bank="", payee_account="")
    corrected = correct_payee(found, **payee, actor=people.clerk, reason="settled anew for more")
    assert (corrected.state, corrected.payee_corrected_by) == (ReimbursementState.APPROVED, people.clerk)
    assert drafted(by=people.cashier).items.get().payee_account == ACCOUNT


def test_what_the_drafter_handled_is_left_for_somebody_else(people: People) -> None:
    own, other = waiting(), waiting()
    Reimbursement.objects.filter(pk=own.pk).update(payee_corrected_by=people.cashier)
    made = draft_region(builder.region("pingliang"), actor=people.cashier)
    assert made.batch is not None
    assert [item.reimbursement for item in made.batch.items.all()] == [other]
    assert (made.without_payee, made.handled) == ([], [own])
    assert draft_region(builder.region("pingliang"), actor=people.treasurer).handled == []
    assert state_of(own) == ReimbursementState.IN_PAYMENT


def test_a_reimbursement_is_in_one_batch(people: People) -> None:
    first, second = waiting(), waiting()
    drafted(first, by=people.cashier)
    with pytest.raises(DomainError, match=f"do not wait for payment: {first.claim.claim_number}"):
        draft_batch(builder.region("pingliang"), reimbursements=[first, second], actor=people.cashier)
    assert drafted(by=people.cashier).number == 2
    with pytest.raises(DomainError, match="No approved reimbursement"):
        draft_region(builder.region("pingliang"), actor=people.cashier)


def test_another_regions_reimbursement_is_refused(people: People) -> None:
    found = waiting()
    with pytest.raises(DomainError, match=f"do not wait for payment: {found.claim.claim_number}"):
        draft_batch(builder.region("dazhou"), reimbursements=[found], actor=people.cashier)


@pytest.mark.parametrize("submitter", ["cashier", "treasurer"])
def test_neither_drafter_nor_submitter_approves(people: People, submitter: str) -> None:
    waiting()
    batch = submit_batch(drafted(by=people.cashier), actor=getattr(people, submitter))
    for actor in {people.cashier, getattr(people, submitter)}:
        with pytest.raises(SamePersonDecides):
            approve_batch(batch, actor=actor)


@pytest.mark.parametrize(
    "change", [{"amount": Decimal("70.01")}, {"payee_account": "6222021604007654321"}, {"payee_name": "李四"}]
)
def test_a_change_voids_the_submission(people: People, change: dict[str, object]) -> None:
    waiting()
    batch = submit_batch(drafted(by=people.cashier), actor=people.cashier)
    rewrite(batch.items, **change)
    with pytest.raises(SubmissionVoided):
        approve_batch(batch, actor=people.treasurer)
    assert return_batch(batch, actor=people.treasurer, reason="changed").state == BatchState.DRAFT


def test_a_returned_batch_is_submitted_again(people: People) -> None:
    waiting()
    batch = submit_batch(drafted(by=people.cashier), actor=people.cashier)
    with pytest.raises(DomainError, match="Give the reason"):
        return_batch(batch, actor=people.treasurer, reason=" ")
    return_batch(batch, actor=people.treasurer, reason="too early")
    submit_batch(batch, actor=people.cashier)
    assert approve_batch(batch, actor=people.treasurer).decided_by == people.treasurer


def test_a_discarded_batch_gives_its_claims_back(people: People) -> None:
    found = waiting()
    batch = drafted(by=people.cashier)
    with pytest.raises(DomainError, match="Give the reason"):
        discard_batch(batch, actor=people.cashier, reason="")
    discard_batch(batch, actor=people.cashier, reason="wrong day")
    assert (state_of(found), batch.items.get().state) == (ReimbursementState.APPROVED, ItemState.DROPPED)
    assert drafted(by=people.cashier).number == 2
    assert PaymentItem.objects.filter(reimbursement=found).count() == 2


def test_the_bank_is_told_whom_to_pay_and_the_history_who_asked(people: People) -> None:
    found = waiting()
    batch = approve_batch(submit_batch(drafted(by=people.cashier), actor=people.cashier), actor=people.treasurer)
    item = batch.items.get()
    number = found.claim.claim_number
    row = [
        1,
        found.payee_name,
        found.payee_bank,
        ACCOUNT,
        Decimal("70.00"),
        item.pk,
        f"medical reimbursement {number}",
    ]
    assert take_bank_file(batch, actor=people.cashier) == [row]
    take_bank_file(batch, actor=people.treasurer)
    taken = batch.history.filter(history_change_reason="bank file downloaded").order_by("history_id")
    assert [each.history_user for each in taken] == [people.cashier, people.treasurer]


def test_a_claim_in_payment_is_not_reversed(people: People) -> None:
    found = waiting()
    batch = drafted(by=people.cashier)
    asked = request_reversal(found.claim.settlements.get(), actor=people.clerk, reason="entered twice")
    with pytest.raises(DomainError, match=r"in payment batch .* #1\. Discard the batch or wait"):
        approve_reversal(asked, actor=people.supervisor, today=DAY)
    discard_batch(batch, actor=people.cashier, reason="the claim is reversed")
    approve_reversal(asked, actor=people.supervisor, today=DAY)
    assert state_of(found) == ReimbursementState.REVERSED
    with pytest.raises(DomainError, match="No approved reimbursement"):
        draft_region(builder.region("pingliang"), actor=people.cashier)
