"""Banks' answers among the kinds of file."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from files.importing.batches import BatchResource
from files.importing.cells import AmountCell, CodeCell, Column, DayCell, TextCell, choice_cell
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values, fetch
from reimbursements.models import PaymentBatch, PaymentItem
from reimbursements.services.bank_answers import (
    AnswersRefused,
    BankAnswer,
    BankResult,
    apply_bank_answers,
    contradictions,
    is_answered,
    lock_for_answer,
)

# What banks write.
_RESULTS = {"成功": BankResult.PAID, "失败": BankResult.FAILED}
# Longer than any reference that we gave.
_DIGITS = 18


class BankAnswerResource(BatchResource):
    """One row for a payment that the bank has made, or could not make and says why, under the reference of the file
    that it was given. Each is answered once; a batch is closed with its last answer. Brought from a batch's page, a
    file has answers for that batch alone.
    """

    label = _("bank answers")
    permission = "reimbursements.change_paymentbatch"
    key = ("reference",)
    about = "reimbursements.PaymentBatch"
    examples = {"reference": "1024", "amount": "1070.00", "bank_reference": "2023070300001", "failure": ""}

    reference = Column(_("reference"), CodeCell(20))
    amount = Column(_("amount"), AmountCell(above_zero=True))
    result = Column(_("result"), choice_cell(BankResult, _RESULTS))
    bank_reference = Column(_("bank's reference"), CodeCell(64), in_header=False, default="")
    failure = Column(_("why it failed"), TextCell(200), in_header=False, default="")
    answered_on = Column(_("answered on"), DayCell())

    def preload(self, sheet: Sheet) -> None:
        """The payments with these references, and of each batch whether the person may read its answer."""
        items = PaymentItem.objects.filter(batch__region=self.context.region).select_related("batch")
        if self.context.about is not None:
            items = items.filter(batch=self.context.about)
        given = (int(cell) for cell in sheet["reference"] if cell.isdecimal() and len(cell) <= _DIGITS)
        self.items = {str(item.pk): item for item in fetch(items, "pk", given)}
        self.refusal = cache(self._refusal)

    def _refusal(self, batch: PaymentBatch) -> str:
        """Why the batch takes no answer from this person; "" where it does."""
        try:
            lock_for_answer(batch, self.context.actor)
        except DomainError as error:
            return str(error)
        return ""

    def problems(self, values: Values) -> Iterator[Problem]:
        """No such payment, a batch that takes no answer from this person, an answer that does not fit the payment."""
        item = self.items.get(values["reference"])
        if item is None:
            of_batch, of_region = (
                _("The batch has no payment with this reference."),
                _("The region has no payment with this reference."),
            )
            yield Problem("reference", of_region if self.context.about is None else of_batch)
        elif refusal := self.refusal(item.batch):
            yield Problem("reference", refusal)
        else:
            for error in contradictions(self._answer(values), item, self.context.today):
                yield Problem(error.column, error.reason)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """Nothing that differs, of a payment for which the bank has answered: another answer is wrong."""
        return {} if is_answered(self.items[values["reference"]]) else None

    def save(self, values: Values) -> PaymentItem:
        """Record the answer by itself, so that what refuses it is said of its own row."""
        try:
            (item,) = self.save_all([values])
        except AnswersRefused as refused:
            problem = refused.problems[0]
            raise DomainError(problem.reason, field=problem.column) from refused
        return item

    def save_all(self, rows: Sequence[Values]) -> list[PaymentItem]:
        """Record the answers, batch by batch."""
        actor = self.context.actor
        if actor is None:
            raise LookupError("an answer that nobody brings was let through")

        def batch_of(values: Values) -> int:
            return self.items[values["reference"]].batch_id

        for _pk, answers in groupby(sorted(rows, key=batch_of), key=batch_of):
            told = [self._answer(values) for values in answers]
            batch = self.items[told[0].reference].batch
            apply_bank_answers(batch, told, actor=actor, today=self.context.today, reason=self.context.reason)
        return [self.items[values["reference"]] for values in rows]

    def _answer(self, values: Values) -> BankAnswer:
        said = {name: values[name] for name in self.fields if name != "region"}
        return BankAnswer(line=self.line(values.number), **said)
