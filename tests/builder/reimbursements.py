"""Claims filed by hand: their papers, their way to approval, payment batches, and what a bank answers."""

from datetime import date
from typing import Any

from agency.models import User
from claims.models import Claim, DocumentKind
from members.models import Member
from policies.engine.vocabulary import OutOfAreaKind
from reimbursements.models import PaymentBatch, PaymentItem, Reimbursement
from reimbursements.services.bank_answers import BankAnswer, BankResult, apply_bank_answers
from reimbursements.services.payment_drafts import draft_batch, draft_region
from reimbursements.services.payments import approve_batch, submit_batch
from reimbursements.services.reimbursements import (
    approve_reimbursement,
    complete_papers,
    register_reimbursement,
    submit_reimbursement,
    tell_missing_papers,
)
from tests.builder.claims import a_claim
from tests.builder.people import region, retiree
from tests.builder.staff import REASON, pair

FILED, ANSWERED = date(2023, 6, 1), date(2023, 7, 3)
ACCOUNT = "6200123456789"
SEEN = "originals seen at the counter"
PAYEE: dict[str, Any] = {"payee_name": "本人", "payee_bank": "工商银行", "payee_account": ACCOUNT}


def registered(claim: Claim, clerk: User | None = None, **payee: Any) -> Reimbursement:
    """The reimbursement of a manual claim, registered by a clerk of its region unless somebody is named."""
    clerk = clerk or pair(claim.region)[0]
    return register_reimbursement(claim, **PAYEE | payee, actor=clerk, reason=REASON)


def submitted(claim: Claim, clerk: User | None = None, *, told: bool = False, **payee: Any) -> Reimbursement:
    """The same, with its papers complete on the day of filing, submitted.

    told: the member was told of a missing invoice before, and brought it the same day.
    """
    clerk = clerk or pair(claim.region)[0]
    on: dict[str, Any] = {"on": claim.filed_on, "today": claim.filed_on}
    found = registered(claim, clerk, **payee)
    if told:
        tell_missing_papers(found, kinds=[DocumentKind.INVOICE], note="原件", actor=clerk, **on)
    complete_papers(found, accepted_without=REASON, actor=clerk, reason=REASON, **on)
    return submit_reimbursement(found, actor=clerk)


def approved(claim: Claim, clerk: User | None = None, supervisor: User | None = None, **payee: Any) -> Reimbursement:
    """The same, approved by a supervisor on the day of filing."""
    supervisor = supervisor or pair(claim.region)[1]
    assert claim.filed_on is not None
    waiting = submitted(claim, clerk, **payee)
    approve_reimbursement(waiting, today=claim.filed_on, actor=supervisor, reason=REASON)
    return Reimbursement.objects.select_related("claim").get(pk=waiting.pk)


def waiting(amount: str = "300.00", member: Member | None = None, **claimed: Any) -> Reimbursement:
    """A retiree's outpatient bill in Pingliang, filed by hand and approved; `pair` handled it.

    At a primary provider the fund pays 70 % of what lies above the year's deductible of 200.00: 70.00 of 300.00.
    """
    return approved(a_claim(member or retiree(), amount, filed_on=FILED, **claimed))


def drafted(*reimbursements: Reimbursement, by: User, slug: str = "pingliang") -> PaymentBatch:
    """A batch of these, or of all that waits in a region."""
    if reimbursements:
        found = draft_batch(reimbursements[0].claim.region, reimbursements=reimbursements, actor=by)
    else:
        found = draft_region(region(slug), actor=by).batch
    assert found is not None
    return found


def released(cashier: User, treasurer: User, *reimbursements: Reimbursement, slug: str = "pingliang") -> PaymentBatch:
    """The same, drafted and submitted by one of finance and approved by another for the bank."""
    batch = submit_batch(drafted(*reimbursements, by=cashier, slug=slug), actor=cashier)
    return approve_batch(batch, actor=treasurer)


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


def through_the_bank(cashier: User, treasurer: User, slug: str = "pingliang") -> PaymentItem:
    """Everything that waits in a region goes into a batch; the bank makes its one payment."""
    batch = released(cashier, treasurer, slug=slug)
    item = batch.items.get()
    apply_bank_answers(batch, [answer(item)], actor=cashier, today=ANSWERED)
    item.refresh_from_db()
    return item


def manual(**overrides: Any) -> Claim:
    """300.00 yuan at a primary institution, filed on 3 April: (300 − 200) × 70 % = 70.00 for a retiree (Pingliang)."""
    return a_claim(overrides.pop("member", None) or retiree(), **({"filed_on": date(2023, 4, 3)} | overrides))


def unregistered() -> Claim:
    """Treated on a referral that nobody registered (Baoshan)."""
    june = {"served_on": date(2023, 6, 15), "filed_on": date(2023, 6, 20)}
    return manual(member=retiree("baoshan"), out_of_area=OutOfAreaKind.REFERRAL, **june)


def opened(claim: Claim, **facts: Any) -> Reimbursement:
    """Registered without a payee, unless one is named."""
    clerk, _supervisor = pair(claim.member.region)
    return register_reimbursement(claim, actor=clerk, reason="papers handed in", **facts)
