"""What became of a claim that a file of direct settlements reported, beside what the file says."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from claims.models import Settlement
from claims.services.adjudication import Fault
from clearing.models import RecordState, SettledRecord
from clearing.selectors.file_rows import Problem, Reported, read_record, reported_in
from clearing.selectors.settled_sides import differing
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal


def note_outcome(record: SettledRecord, reported: Reported, outcome: Settlement | Refusal | Fault) -> None:
    """Put what came of the record's claim on it; the caller saves it. A difference that was reviewed stays one."""
    record.state = _state_of(outcome)
    paid = outcome if isinstance(outcome, Settlement) else None
    record.differs = bool(differing(reported, paid)) or record.reviewed_by_id is not None
    record.problems = [Problem(record.line, "", _sentence(outcome))] if isinstance(outcome, Fault) else []


def compare_again(outcomes: Mapping[int, Settlement | Refusal | Fault]) -> None:
    """Note what comes of claims, by id, after the file that reported them had left them registered or refused."""
    if not outcomes:
        return
    left = SettledRecord.objects.select_for_update(no_key=True).filter(claim__in=list(outcomes))
    records = list(left.order_by("pk"))
    for record in records:
        note_outcome(record, reported_in(read_record(record.rows)), outcomes[record.claim_id or 0])
    SettledRecord.objects.bulk_update(records, ["state", "differs", "problems"])


def _state_of(outcome: Settlement | Refusal | Fault) -> RecordState:
    if isinstance(outcome, Settlement):
        return RecordState.SETTLED
    return RecordState.REFUSED if isinstance(outcome, Refusal) else RecordState.REGISTERED


def _sentence(fault: Fault) -> str:
    if isinstance(fault, MissingLaw):
        return _(
            "The rules in force do not decide this claim; it stays registered. Have a policy officer set what is "
            "missing, then settle it."
        )
    return str(fault)
