"""Claims filed by hand and approved for payment, and what a bank answers, for tests of payment batches."""

from datetime import date
from typing import Any

from agency.models import User
from claims.models import Claim
from members.models import Member
from reimbursements.models import PaymentBatch, PaymentItem, Reimbursement
from reimbursements.services.bank_answers import BankAnswer, BankResult
from reimbursements.services.payment_drafts import draft_batch
from reimbursements.services.reimbursements import (
    approve_reimbursement,
    complete_papers,
    register_reimbursement,
    submit_reimbursement,
)
from tests.claims.outpatient import retiree, settled

FILED, ANSWERED = date(2023, 6, 1), date(2023, 7, 3)
# As tests.claims.visits gives it to every manual claim.
ACCOUNT = "6200123456789"


def waiting(amount: str = "300.00", member: Member | None = None, **claimed: Any) -> Reimbursement:
    """A retiree's outpatient bill in Pingliang, filed by hand and approved; `visits.pair` handled it.

    At a primary provider the fund pays 70 % of what lies above the year's deductible of 200.00: 70.00 of 300.00.
    """
    settlement = settled(member or retiree(), amount, filed_on=FILED, **claimed)
    return Reimbursement.objects.select_related("claim").get(claim=settlement.claim)


def approved(claim: Claim, clerk: User, supervisor: User, today: date) -> Reimbursement:
    """The reimbursement of a manual claim, from the counter to the supervisor's approval."""
    found = register_reimbursement(
        claim,
        payee_name=claim.member.name,
        payee_bank="工商银行",
        payee_account=ACCOUNT,
        actor=clerk,
        reason="received",
    )
    complete_papers(found, on=today, today=today, accepted_without="originals seen", actor=clerk, reason="complete")
    approve_reimbursement(submit_reimbursement(found, actor=clerk), today=today, actor=supervisor, reason="seen")
    return Reimbursement.objects.select_related("claim").get(pk=found.pk)


def drafted(claim: Claim, clerk: User, supervisor: User, drafter: User, today: date) -> PaymentBatch:
    """A batch with this claim in it, approved before."""
    found = draft_batch(claim.region, reimbursements=[approved(claim, clerk, supervisor, today)], actor=drafter)
    assert found is not None
    return found


def answer(item: PaymentItem, line: int = 2, **overrides: Any) -> BankAnswer:
    """The bank has paid an item, unless said otherwise."""
    facts: dict[str, Any] = {
        "line": line,
        "reference": str(item.pk),
        "amount": item.amount,
        "result": BankResult.PAID,
        "bank_reference": f"ICBC{item.pk}",
        "failure": "",
        "answered_on": ANSWERED,
    } | overrides
    return BankAnswer(**facts)


def failed(item: PaymentItem, line: int = 2, **overrides: Any) -> BankAnswer:
    """The bank could not pay an item."""
    return answer(item, line, **{"result": BankResult.FAILED, "failure": "账号与户名不符"} | overrides)
