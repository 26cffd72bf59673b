"""Until when the office decides on a manual reimbursement, in working days."""

from datetime import date
from typing import NamedTuple

from agency.models import PoolingRegion
from agency.working_days import working_day_after


class Deadlines(NamedTuple):
    """The usual end of the office's time limit, and the last day allowed."""

    due_on: date
    latest_on: date


def deadlines(region: PoolingRegion, completed_on: date) -> Deadlines:
    """Until when the office decides on papers that were complete on a day, by the region's working days."""
    return Deadlines(
        working_day_after(completed_on, region.reimbursement_days),
        working_day_after(completed_on, region.reimbursement_days_at_most),
    )
