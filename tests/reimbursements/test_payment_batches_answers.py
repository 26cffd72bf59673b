"""What the bank answers: paid once, failed ones corrected and paid again, wrong files refused whole."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AccountKind, EntryKind, LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from claims.services.reversal import approve_reversal, request_reversal
from reimbursements.models import BatchState, ItemState, PaymentBatch, Reimbursement, ReimbursementState
from reimbursements.services.bank_answers import AnswersRefused, BankAnswer, apply_bank_answers
from reimbursements.services.payment_drafts import draft_region
from reimbursements.services.payments import correct_payee
from tests import builder
from tests.builder import pair
from tests.builder.accounts import balances
from tests.builder.reimbursements import ANSWERED, answer, failed, released, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


PAYEE = {"payee_name": "王芳", "payee_bank": "建设银行", "payee_account": "6217000000000000001"}


@pytest.fixture(name="cashier")
def a_cashier(db: None) -> User:
    return builder.staff("cashier")


@pytest.fixture(name="treasurer")
def another_person(db: None) -> User:
    return builder.staff("treasurer")


@pytest.fixture(name="batch")
def two_payments(cashier: User, treasurer: User) -> PaymentBatch:
    """70.00 and 140.00: 70 % of what lies above the deductible of 200.00."""
    waiting("300.00")
    waiting("400.00")
    return released(cashier, treasurer)


def apply(batch: PaymentBatch, actor: User, *answers: BankAnswer) -> int:
    return apply_bank_answers(batch, answers, actor=actor, today=ANSWERED)


def payouts() -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(kind=EntryKind.PAYOUT).order_by("pk"))


def states(batch: PaymentBatch) -> list[tuple[str, str]]:
    return [(item.state, item.reimbursement.state) for item in batch.items.order_by("pk")]


def test_what_the_bank_paid_leaves_the_book_of_what_is_payable(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    assert apply(batch, cashier, answer(first), answer(second, 3)) == 2
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.CLOSED, [(ItemState.PAID, ReimbursementState.PAID)] * 2)
    assert [
        (entry.debit.kind, entry.credit.kind, entry.amount, entry.key, entry.cause, entry.posted_on)
        for entry in payouts()
    ] == [
        (AccountKind.MEMBER_PAYABLE, AccountKind.BANK, amount, f"payment:{pk}", f"payment:{pk}", ANSWERED)
        for pk, amount in ((first.pk, Decimal("70.00")), (second.pk, Decimal("140.00")))
    ]
    assert balances(batch.region) == 0


def test_the_batch_stays_open_until_every_payment_is_answered(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    apply(batch, cashier, failed(first))
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (
        BatchState.APPROVED,
        [(ItemState.FAILED, ReimbursementState.PAYMENT_FAILED), (ItemState.WAITING, ReimbursementState.IN_PAYMENT)],
    )
    assert payouts() == []
    apply(batch, cashier, answer(second))
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED


def test_the_same_file_twice_changes_nothing(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    # A bank's word for a payment that it made is no failure.
    file = (answer(first, failure="交易成功"), failed(second, 3))
    assert apply(batch, cashier, *file) == 2
    versions = batch.history.count()
    assert apply(batch, cashier, *file) == 0
    assert (len(payouts()), batch.history.count()) == (1, versions)


WRONG: dict[str, tuple[Callable[[Any], BankAnswer], str, str]] = {
    "unknown": (lambda item: answer(item, reference="0"), "reference", "no payment with this reference"),
    "amount": (lambda item: answer(item, amount=Decimal("70.01")), "amount", "another amount"),
    "no reason": (lambda item: failed(item, failure=""), "failure", "bank's reason"),
    "future": (lambda item: answer(item, answered_on=ANSWERED + timedelta(days=1)), "answered_on", "in the future"),
}


@pytest.mark.parametrize(("wrong", "column", "sentence"), WRONG.values(), ids=WRONG)
def test_one_wrong_row_keeps_all_out(
    batch: PaymentBatch, cashier: User, wrong: Callable[[Any], BankAnswer], column: str, sentence: str
) -> None:
    first, second = batch.items.order_by("pk")
    with pytest.raises(AnswersRefused) as refused:
        apply(batch, cashier, wrong(first), answer(second, 3))
    (problem,) = refused.value.problems
    assert (problem.line, problem.column) == (2, column)
    assert sentence in problem.reason
    assert states(batch) == [(ItemState.WAITING, ReimbursementState.IN_PAYMENT)] * 2
    assert payouts() == []


def test_all_wrong_rows_are_named_together(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    rows = (answer(first), answer(first, 3), answer(second, 4, reference="x"), failed(second, 5, amount=Decimal(1)))
    with pytest.raises(AnswersRefused) as refused:
        apply(batch, cashier, *rows)
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [
        (3, "reference"),
        (4, "reference"),
        (5, "amount"),
    ]


@pytest.mark.parametrize("change", [{"bank_reference": "other"}, {"answered_on": ANSWERED - timedelta(days=1)}])
def test_another_answer_for_a_paid_payment_is_refused(
    batch: PaymentBatch, cashier: User, change: dict[str, Any]
) -> None:
    first = batch.items.order_by("pk")[0]
    apply(batch, cashier, answer(first))
    for other in (answer(first, **change), failed(first)):
        with pytest.raises(AnswersRefused) as refused:
            apply(batch, cashier, other)
        assert "recorded for this payment already" in refused.value.problems[0].reason


def test_answers_to_a_batch_that_was_not_approved_are_refused(cashier: User) -> None:
    waiting()
    batch = draft_region(builder.region("pingliang"), actor=cashier).batch
    assert batch is not None
    with pytest.raises(MoveNotAllowed):
        apply(batch, cashier, answer(batch.items.get()))


def test_a_failed_payment_is_corrected_and_paid_once(cashier: User, treasurer: User) -> None:
    found = waiting()
    batch = released(cashier, treasurer)
    item = batch.items.get()
    with pytest.raises(MoveNotAllowed):
        correct_payee(found, **PAYEE, actor=cashier, reason=builder.REASON)
    apply(batch, cashier, failed(item))
    with pytest.raises(DomainError, match="No approved reimbursement"):
        draft_region(builder.region("pingliang"), actor=cashier)

    with pytest.raises(DomainError, match="must not be empty"):
        correct_payee(found, **PAYEE | {"payee_account": " "}, actor=cashier, reason=builder.REASON)
    clerk, _supervisor = pair(batch.region)
    correct_payee(found, **PAYEE, actor=clerk, reason="a figure was missing")
    again = released(cashier, treasurer)
    second = again.items.get()
    assert (second.payee_name, second.payee_bank, second.payee_account) == tuple(PAYEE.values())
    apply(again, cashier, answer(second))
    assert [entry.key for entry in payouts()] == [f"payment:{second.pk}"]
    assert Reimbursement.objects.get(pk=found.pk).state == ReimbursementState.PAID


def test_a_paid_claim_that_is_taken_back_is_reversed_and_never_paid_again(cashier: User, treasurer: User) -> None:
    found = waiting()
    batch = released(cashier, treasurer)
    apply(batch, cashier, answer(batch.items.get()))
    clerk, supervisor = pair(batch.region)
    asked = request_reversal(found.claim.settlements.get(), actor=clerk, reason="entered twice")
    approve_reversal(asked, actor=supervisor, today=ANSWERED)
    assert Reimbursement.objects.get(pk=found.pk).state == ReimbursementState.REVERSED
    with pytest.raises(DomainError, match="No approved reimbursement"):
        draft_region(builder.region("pingliang"), actor=cashier)
