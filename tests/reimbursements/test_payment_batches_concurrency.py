"""Two at the same instant, on the real database: a claim is drafted once and paid once."""

import pytest

from accounts.models import EntryKind, LedgerEntry
from agency.exceptions import DomainError
from reimbursements.models import BatchState, PaymentBatch, PaymentItem
from reimbursements.services.bank_answers import apply_bank_answers
from reimbursements.services.payment_drafts import draft_batch, draft_region
from reimbursements.services.payments import approve_batch, submit_batch
from tests import builder
from tests.builder.reimbursements import ANSWERED, answer, failed, waiting
from tests.builder.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_drafts_at_once_take_each_claim_once() -> None:
    drafters = [builder.staff("cashier"), builder.staff("treasurer")]
    region = builder.region("pingliang")
    for _number in range(3):
        waiting()
    found = together(*[lambda actor=actor: draft_region(region, actor=actor).batch for actor in drafters])
    assert sum(isinstance(outcome, PaymentBatch) for outcome in found) == 1
    assert sum(isinstance(outcome, DomainError) for outcome in found) == 1
    assert PaymentItem.objects.count() == 3


def test_two_drafts_of_different_claims_at_once_have_different_numbers() -> None:
    cashier, region = builder.staff("cashier"), builder.region("pingliang")
    claims = [waiting(), waiting()]
    found = together(*[lambda each=each: draft_batch(region, reimbursements=[each], actor=cashier) for each in claims])
    assert sorted(batch.number for batch in found if isinstance(batch, PaymentBatch)) == [1, 2]


@pytest.mark.parametrize("contradict", [False, True], ids=["the same answer", "contradicting answers"])
def test_two_answers_at_once_pay_once(contradict: bool) -> None:
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    waiting()
    drafted = draft_region(builder.region("pingliang"), actor=cashier).batch
    assert drafted is not None
    batch = approve_batch(submit_batch(drafted, actor=cashier), actor=treasurer)
    item = batch.items.get()
    answers = [answer(item), failed(item) if contradict else answer(item)]
    found = together(
        *[lambda each=each: apply_bank_answers(batch, [each], actor=cashier, today=ANSWERED) for each in answers]
    )
    item.refresh_from_db()
    paid = LedgerEntry.objects.filter(kind=EntryKind.PAYOUT).count()
    assert paid == (1 if item.state == "paid" else 0)
    if contradict:
        assert sorted(str(type(outcome).__name__) for outcome in found) == ["AnswersRefused", "int"]
    else:
        assert sorted(found) == [0, 1]  # type: ignore[type-var]
        assert paid == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
