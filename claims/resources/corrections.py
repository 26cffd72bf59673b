"""Bills of claims that are put right by a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from claims.models import LINE_FIELDS, Claim, ClaimLine
from claims.resources.claims import CORRECTIONS, ClaimResource, as_entered
from claims.services.bills import correct_claim
from claims.services.new_claims import Bill, bill_of
from files.importing.cells import CodeCell, Column, DayCell
from files.importing.outcomes import Outcome
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values
from files.models import RowOutcome
from members.resources.lookup import MEMBER_NUMBERS

# What a correction may say otherwise of the visit; the rest tells whose visit it is.
_CORRECTED = frozenset(name for name in ClaimResource.columns() if name in Bill.__dataclass_fields__)
_WHOSE = ("member_number", "provider_code", "filed_on")


class ClaimCorrectionResource(ClaimResource):
    """The bill of a direct settlement as it should be, until it is paid: all its rows, one below the other, as in a
    file of claims. It takes the place of the one that is recorded; a column that the file leaves out stays as it is.
    """

    label = CORRECTIONS
    corrected = _CORRECTED | frozenset(LINE_FIELDS)
    corrected_by = {}
    # Its header is that of claims.
    is_guessed = False

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS, in_header=False, default="")
    provider_code = Column(_("provider code"), CodeCell(32), in_header=False, default="")
    filed_on = Column(_("filed on"), DayCell(), in_header=False, default=None)

    def preload_whose(self, sheet: Sheet) -> None:
        """The claims say it."""

    def whose(self, values: Values) -> Iterator[Problem]:
        """An unknown claim, or one of another member or provider than the row says."""
        claim = self.known.get(values["claim_number"])
        if claim is None:
            yield Problem("claim_number", _("There is no such claim. Bring it as a new one."))
            return
        said = {"member_number": claim.member.member_number, "provider_code": claim.provider.code}
        for name in _WHOSE:
            if values[name] and values[name] != said.get(name, claim.filed_on):
                yield Problem(
                    name, _("The claim is another's. Withdraw it on its page, and bring the right one as a new claim.")
                )

    def recorded(self, values: Values) -> Mapping[str, Any]:
        """What is recorded of the visit, and of the line that the first row has."""
        claim = self.known[values["claim_number"]]
        return {name: getattr(claim, name) for name in _CORRECTED} | as_entered(self._lines(values)[0], values)

    def compare(self, values: Values, outcome: Outcome) -> None:
        """The bill as a whole: each row is told what its line says by now."""
        super().compare(values, outcome)
        lines, given = self._lines(values), set(self.sheet.headers or ())
        for place, (row, _faults) in enumerate(self.bill[1:], start=1):
            if place < len(lines):
                before = as_entered(lines[place], row).items()
                differing = {name: value for name, value in before if name in given and row[name] != value}
                self._outcome(row).before = differing
        if len(lines) != len(self.bill) or any(self._outcome(row).before for row, _faults in self.bill):
            outcome.kind = RowOutcome.CHANGED

    def check_expected(self, number: int, outcome: Outcome) -> None:
        """Of every row of the bill."""
        for row, _faults in self.bill:
            super().check_expected(row.number, self._outcome(row))

    def _outcome(self, row: Values) -> Outcome:
        return self.outcomes.setdefault(row.number, Outcome())

    def doubts(self, values: Values) -> Iterator[Problem]:
        """A bill that becomes shorter: rows may be missing."""
        count = len(self._lines(values))
        if len(self.bill) < count:
            said = _("The bill has %(count)s lines, and fewer rows here: the others are taken off.") % {"count": count}
            yield Problem("claim_number", said)

    def save(self, values: Values) -> Any:
        """Put the bill in the place of the recorded one. What it makes is the correction, as the history has it."""
        claim = self.known[values["claim_number"]]
        given, held = set(self.sheet.headers or ()), bill_of(claim)
        facts = {name: values[name] if name in given else getattr(held, name) for name in _CORRECTED}
        lines = [_line(row, given, dict(enumerate(held.lines)).get(place)) for place, (row, _) in enumerate(self.bill)]
        bill = Bill(**facts, disease=held.disease, stay_hours=held.stay_hours, **_payer(held, facts), lines=lines)
        correct_claim(claim, bill, today=self.context.today, actor=self.context.actor, reason=self.context.reason)
        return claim.history.latest("history_id")

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Put the bill back that the correction replaced, unless the claim was settled, refused or changed since."""
        correction = Claim.history.get(history_id=made)
        claim = Claim.objects.get(pk=correction.id)
        earlier = correction.prev_record
        if claim.history.latest("history_id").history_id != made or earlier is None:
            raise DomainError(_("It was settled or corrected since. Correct it there once more."))
        same_act = {"history_user": correction.history_user, "history_change_reason": correction.history_change_reason}
        replaced = ClaimLine.history.filter(claim=claim, history_type="-", **same_act).order_by("id")
        lines = [ClaimLine(**{name: getattr(line, name) for name in LINE_FIELDS}) for line in replaced]
        facts = {name: getattr(earlier.instance, name) for name in Bill.__dataclass_fields__ if name != "lines"}
        bill = Bill(**facts, lines=lines or bill_of(claim).lines)
        correct_claim(claim, bill, today=self.context.today, actor=self.context.actor, reason=self.context.reason)

    def _lines(self, values: Values) -> Sequence[ClaimLine]:
        return list(self.known[values["claim_number"]].lines.all())


def _line(values: Values, given: set[str], held: ClaimLine | None) -> ClaimLine:
    """The line of a row; what the file leaves out is that of the line in its place, whose share goes with its item."""
    said = {name: values[name] for name in LINE_FIELDS}
    if held is None:
        return ClaimLine(**said)
    said |= {name: value for name, value in held.entered().items() if name not in given}
    if (said["code"], said["category"]) != (held.code, held.category) and "upfront_rate" not in given:
        said["upfront_rate"] = None
    return ClaimLine(**said)


def _payer(held: Bill, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The relative whose account pays, unless the patient's own does by now."""
    return {"account_holder": None if facts["pay_from_account"] else held.account_holder}
