"""In which states a reimbursement is worked on, by which buttons, and how it looks."""

from typing import Any

from agency.admin.approval import waits_for_another
from policies.engine.vocabulary import RefusalReason
from reimbursements.admin.forms import missing_papers_of
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.services import payments, reimbursements

TONES: dict[str, str] = {
    ReimbursementState.REGISTERED.value: "info",
    ReimbursementState.COMPLETE.value: "info",
    ReimbursementState.SUBMITTED.value: "warning",
    ReimbursementState.RETURNED.value: "warning",
    ReimbursementState.APPROVED.value: "success",
    ReimbursementState.IN_PAYMENT.value: "info",
    ReimbursementState.PAID.value: "success",
    ReimbursementState.PAYMENT_FAILED.value: "danger",
}
# A due day this many working days ahead, or fewer, presses.
NEAR = 2

waits_for = waits_for_another(ReimbursementState.SUBMITTED)


def is_editable(thing: Reimbursement, user: Any) -> bool:
    """Not submitted yet, returned or refused."""
    return thing.state in reimbursements.EDITABLE


def is_registered(thing: Reimbursement, user: Any) -> bool:
    """Its papers are not complete."""
    return thing.state == ReimbursementState.REGISTERED


def can_be_told(thing: Reimbursement, user: Any) -> bool:
    """Papers may be missing, and the member was not told yet."""
    return is_registered(thing, user) and missing_papers_of(thing) is None


def was_told(thing: Reimbursement, user: Any) -> bool:
    """There is a slip to print."""
    return missing_papers_of(thing) is not None


def lacks_right_payee(thing: Reimbursement, user: Any) -> bool:
    """The bank could not pay it, or cannot be asked to."""
    return payments.lacks_right_payee(thing)


def can_be_submitted(thing: Reimbursement, user: Any) -> bool:
    """Complete, returned, or refused for a reason that may be gone."""
    return thing.state in reimbursements.SUBMITTABLE


def is_refused_as_late(thing: Reimbursement, user: Any) -> bool:
    """Submitted by somebody else, and refused by the rules for nothing but the day of filing."""
    return bool(waits_for(thing, user)) and thing.calculation.get("refused") == RefusalReason.LATE_FILING
