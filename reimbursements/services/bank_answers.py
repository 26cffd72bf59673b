"""The bank's answer to a payment batch: which payments it made, and which failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccountKind, EntryKind
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from agency.services.moves import locked
from files.importing.refusals import RowError
from reimbursements.models import BatchState, ItemState, PaymentBatch, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_pay
from reimbursements.services.payments import refuse_own_claims, reimbursements_of


class BankResult(models.TextChoices):
    """What became of a payment."""

    PAID = ItemState.PAID.value, gettext_lazy("paid")
    FAILED = ItemState.FAILED.value, gettext_lazy("failed")


# What the history of a batch says.
ANSWERED = "the bank's answer"


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """A row of the bank's file, which begins in line `line`.

    `reference` and `amount` (yuan) are those of the file that the bank was given; `failure` says why it did not pay.
    """

    line: int
    reference: str
    amount: Decimal
    result: BankResult
    bank_reference: str
    failure: str
    answered_on: date


class AnswersRefused(DomainError):
    """Rows are wrong; `problems` names all of them, and nothing was recorded."""

    def __init__(self, problems: Sequence[RowError]) -> None:
        """problems: in the order of the file."""
        super().__init__(gettext_lazy("Nothing of the bank's answer is recorded. Correct these rows first."))
        self.problems = problems


def lock_for_answer(batch: PaymentBatch, actor: User | None) -> PaymentBatch:
    """The batch, locked for the bank's answer.

    MoveNotAllowed where the bank was not asked; SamePersonDecides for whoever had a hand in a claim in it; DomainError
    without a person.
    """
    if actor is None:
        raise DomainError(_("Somebody has to bring the bank's answer, because nobody answers for their own claims."))
    batch = locked(batch, "read_answer", "region")
    refuse_own_claims(actor, reimbursements_of(batch))
    return batch


@transaction.atomic
def apply_bank_answers(
    batch: PaymentBatch, answers: Sequence[BankAnswer], *, actor: User, today: date, reason: str = ANSWERED
) -> int:
    """Record what the bank did with the payments of an approved batch; returns how many answers are new.

    A payment made goes from what is payable to members to the bank, once. A failed one waits for its payee to be
    corrected. All rows or none: AnswersRefused names every wrong one. An answer that is recorded already, exactly like
    this, changes nothing. The batch is closed once the bank has answered for every payment. Refused as by
    `lock_for_answer`. reason: of the batch's history.
    """
    batch = lock_for_answer(batch, actor)
    items = {str(item.pk): item for item in batch.items.select_for_update(of=("self",)).order_by("pk")}
    problems = list(_problems(answers, items, today))
    if problems:
        raise AnswersRefused(problems)
    new = [(items[each.reference], each) for each in answers if items[each.reference].state == ItemState.WAITING]
    if not new:
        return 0
    for item, answer in new:
        _take_over(item, answer)
    PaymentItem.objects.bulk_update(
        [item for item, _answer in new], ["state", "bank_reference", "failure", "answered_on"]
    )
    _pay_out(batch, [item for item, _answer in new if item.state == ItemState.PAID], actor, today)
    _move_reimbursements([item for item, _answer in new], actor)
    if all(item.state != ItemState.WAITING for item in items.values()):
        batch.state = BatchState.CLOSED
    tracked_save(batch, actor, reason)
    return len(new)


def _problems(answers: Sequence[BankAnswer], items: Mapping[str, PaymentItem], today: date) -> Iterator[RowError]:
    seen: dict[str, int] = {}
    for answer in answers:
        item = items.get(answer.reference)
        first = seen.setdefault(answer.reference, answer.line)
        if item is None:
            yield RowError(answer.line, "reference", _("The batch has no payment with this reference."))
        elif first != answer.line:
            yield RowError(answer.line, "reference", _("Line %(line)s has this reference, too.") % {"line": first})
        else:
            yield from contradictions(answer, item, today)


def contradictions(answer: BankAnswer, item: PaymentItem, today: date) -> Iterator[RowError]:
    """Why this cannot be the bank's answer for a payment, if it cannot."""
    if answer.amount != item.amount:
        yield RowError(answer.line, "amount", _("The bank was asked to pay another amount."))
    if answer.result == BankResult.FAILED and not answer.failure:
        yield RowError(answer.line, "failure", _("Give the bank's reason why it failed."))
    if answer.answered_on > today:
        yield RowError(answer.line, "answered_on", _("The day lies in the future."))
    if is_answered(item) and not _is_recorded(answer, item):
        yield RowError(answer.line, "result", _("Another answer of the bank is recorded for this payment already."))


def is_answered(item: PaymentItem) -> bool:
    """Whether the bank has answered for the payment."""
    return item.state in (ItemState.PAID, ItemState.FAILED)


def _failure(answer: BankAnswer) -> str:
    """Some banks write a word for a payment made, too."""
    return answer.failure if answer.result == BankResult.FAILED else ""


def _is_recorded(answer: BankAnswer, item: PaymentItem) -> bool:
    recorded = (item.state, item.bank_reference, item.failure, item.answered_on)
    return recorded == (answer.result.value, answer.bank_reference, _failure(answer), answer.answered_on)


def _take_over(item: PaymentItem, answer: BankAnswer) -> None:
    item.state = ItemState(answer.result.value)
    item.bank_reference = answer.bank_reference
    item.failure = _failure(answer)
    item.answered_on = answer.answered_on


def _pay_out(batch: PaymentBatch, paid: Sequence[PaymentItem], actor: User, today: date) -> None:
    payable, bank = (book(batch.region, kind) for kind in (AccountKind.MEMBER_PAYABLE, AccountKind.BANK))
    postings = [
        Posting(
            debit=payable,
            credit=bank,
            amount=item.amount,
            kind=EntryKind.PAYOUT,
            key=f"payment:{item.pk}",
            cause=f"payment:{item.pk}",
        )
        for item in paid
    ]
    post(postings, on=today, actor=actor)


def _move_reimbursements(items: Sequence[PaymentItem], actor: User) -> None:
    answered = {item.reimbursement_id: item for item in items}
    locked = Reimbursement.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(answered))
    for each in locked.order_by("pk"):
        is_paid = answered[each.pk].state == ItemState.PAID
        each.state = ReimbursementState.PAID if is_paid else ReimbursementState.PAYMENT_FAILED
        if is_paid and to_pay().filter(claim=each.claim_id).exists():
            # Settled anew twice: the second difference waits for a batch of its own.
            each.state = ReimbursementState.APPROVED
        tracked_save(each, actor, "paid by the bank" if is_paid else answered[each.pk].failure)
