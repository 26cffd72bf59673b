"""What else than its state decides which buttons a reimbursement has."""

from typing import Any

from policies.engine.vocabulary import RefusalReason
from reimbursements.admin.forms import missing_papers_of
from reimbursements.models import Reimbursement
from reimbursements.services import payments

# A due day this many working days ahead, or fewer, presses.
NEAR = 2


def was_not_told(obj: Reimbursement, user: Any) -> bool:
    """The member has not been told yet what is missing."""
    return missing_papers_of(obj) is None


def was_told(obj: Reimbursement, user: Any) -> bool:
    """There is a slip to print."""
    return missing_papers_of(obj) is not None


def lacks_right_payee(obj: Reimbursement, user: Any) -> bool:
    """The bank could not pay it, or cannot be asked to."""
    return payments.lacks_right_payee(obj)


def is_refused_as_late(obj: Reimbursement, user: Any) -> bool:
    """Refused by the rules for nothing but the day of filing."""
    return bool(obj.calculation.get("refused") == RefusalReason.LATE_FILING)
