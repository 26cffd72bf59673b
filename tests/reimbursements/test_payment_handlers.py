"""Finance: nobody who had a hand in a claim has one in its payment, in none of the batch's moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError, SamePersonDecides
from agency.models import User
from claims.services.new_claims import bill_of
from reimbursements.models import BatchState, PaymentBatch, Reimbursement, ReimbursementKind
from reimbursements.selectors.handlers import handlers_of
from reimbursements.services import bills, payment_drafts, payments, reimbursements
from reimbursements.services.bank_answers import apply_bank_answers
from reimbursements.services.late_filing import accept_late_filing
from tests import builder
from tests.builder import retiree
from tests.builder.claims import a_claim
from tests.builder.reimbursements import ANSWERED, FILED, answer, drafted, failed, released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAYEE: dict[str, Any] = {"payee_name": "张伟", "payee_bank": "农业银行", "payee_account": "6228000000000001"}
# What each of them does to the one claim of this module, each a different person.
HANDS = (
    "registers",
    "opens",
    "corrects the bill",
    "enters the payee",
    "completes the papers",
    "submits at first",
    "returns",
    "accepts late filing",
    "submits",
    "approves",
)


@pytest.fixture(name="people")
def many_people(db: None) -> dict[str, User]:
    """One for each step, and two of finance."""
    return {name: builder.staff(name.replace(" ", "-")) for name in (*HANDS, "corrects", "drafts", "releases")}


def handled(people: dict[str, User]) -> Reimbursement:
    """A claim that went through all of these hands and is approved."""
    by: Callable[[str], dict[str, Any]] = lambda name: {"actor": people[name], "reason": builder.REASON}  # noqa: E731
    claim = a_claim(retiree(), filed_on=FILED, invoice_number="0001", **by("registers"))
    found = reimbursements.register_reimbursement(claim, **by("opens"))
    right = replace(bill_of(claim), lines=[builder.a_line("400.00")], invoice_number="0002")
    bills.correct_bill(found, right, today=FILED, **by("corrects the bill"))
    reimbursements.describe_reimbursement(found, kind=ReimbursementKind.GENERAL, **PAYEE, **by("enters the payee"))
    reimbursements.complete_papers(found, on=FILED, today=FILED, accepted_without="seen", **by("completes the papers"))
    reimbursements.submit_reimbursement(found, **by("submits at first"))
    reimbursements.return_reimbursement(found, **by("returns"))
    accept_late_filing(claim, **by("accepts late filing"))
    reimbursements.submit_reimbursement(found, **by("submits"))
    reimbursements.approve_reimbursement(found, today=FILED, **by("approves"))
    return Reimbursement.objects.select_related("claim").get(pk=found.pk)


def refuses(call: Callable[[], object], claim_number: str) -> bool:
    """Whether the move is refused for this reason; it leaves nothing behind."""
    try:
        with transaction.atomic():
            call()
    except SamePersonDecides as error:
        return claim_number in str(error)
    raise AssertionError("the move was made")


def test_everybody_who_handled_a_claim_is_kept_from_every_move_of_its_payment(people: dict[str, User]) -> None:
    found = handled(people)
    number, region = found.claim.claim_number, found.claim.region
    hands = [people[name] for name in HANDS]
    assert handlers_of([found.claim_id]) == {found.claim_id: {person.pk for person in hands}}

    def all_refused(move: Callable[[User], object]) -> bool:
        return all(refuses(partial(move, person), number) for person in hands)

    assert all_refused(lambda person: payment_drafts.draft_batch(region, reimbursements=[found], actor=person))
    batch = drafted(found, by=people["drafts"])
    assert all_refused(lambda person: payments.submit_batch(batch, actor=person))
    assert all_refused(lambda person: payments.discard_batch(batch, actor=person, reason="r"))
    payments.submit_batch(batch, actor=people["drafts"])
    assert all_refused(lambda person: payments.approve_batch(batch, actor=person))
    assert all_refused(lambda person: payments.return_batch(batch, actor=person, reason="r"))
    assert all_refused(lambda person: payments.discard_batch(batch, actor=person, reason="r"))
    payments.approve_batch(batch, actor=people["releases"])
    assert all_refused(lambda person: payments.take_bank_file(batch, actor=person))
    answers = [answer(batch.items.get())]
    assert all_refused(lambda person: apply_bank_answers(batch, answers, actor=person, today=ANSWERED))
    assert apply_bank_answers(batch, answers, actor=people["drafts"], today=ANSWERED) == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED


def test_whoever_corrected_a_payee_does_not_release_the_payment_to_it(people: dict[str, User]) -> None:
    found = handled(people)
    batch = released(people["drafts"], people["releases"], found)
    apply_bank_answers(batch, [failed(batch.items.get())], actor=people["drafts"], today=ANSWERED)
    payments.correct_payee(found, **PAYEE | {"payee_name": "他人"}, actor=people["corrects"], reason="entered wrongly")
    found.refresh_from_db()
    assert found.payee_corrected_by == people["corrects"]
    number = found.claim.claim_number
    again = payments.submit_batch(drafted(found, by=people["drafts"]), actor=people["drafts"])
    assert refuses(lambda: payments.approve_batch(again, actor=people["corrects"]), number)
    assert payments.approve_batch(again, actor=people["releases"]).decided_by == people["releases"]


def test_paying_a_claim_makes_nobody_its_handler(people: dict[str, User]) -> None:
    """Finance may draft again what it discarded, and what the bank could not pay."""
    found = handled(people)
    payments.discard_batch(drafted(found, by=people["drafts"]), actor=people["drafts"], reason="wrong day")
    batch = released(people["drafts"], people["releases"], found)
    apply_bank_answers(batch, [failed(batch.items.get())], actor=people["drafts"], today=ANSWERED)
    handlers = handlers_of([found.claim_id])[found.claim_id]
    assert not handlers & {people["drafts"].pk, people["releases"].pk}


def test_what_nobody_did_names_nobody(people: dict[str, User]) -> None:
    claim = a_claim(retiree(), filed_on=FILED)
    reimbursements.register_reimbursement(claim, actor=None, reason="imported")
    assert handlers_of([claim.pk]) == {claim.pk: set()}


def test_the_database_knows_that_another_person_approves_than_drafted(people: dict[str, User]) -> None:
    found = handled(people)
    batch = payments.submit_batch(drafted(found, by=people["drafts"]), actor=people["releases"])
    with pytest.raises(DomainError, match="wrote a part"):
        payments.approve_batch(batch, actor=people["drafts"])
    row = PaymentBatch.objects.filter(pk=batch.pk)
    with pytest.raises(IntegrityError, match="not_approved_by_its_drafter"), transaction.atomic():
        row.update(state=BatchState.APPROVED, decided_by=people["drafts"], decided_at=f"{date(2023, 7, 1)}T00:00Z")
