"""Working days: weekdays and make-up days, without the public holidays of China."""

from datetime import date
from functools import cache
from typing import NamedTuple

from holidays import HolidayBase, country_holidays

from agency.models import PoolingRegion


class Deadlines(NamedTuple):
    """The usual end of the office's time limit, and the last day allowed."""

    due_on: date
    latest_on: date


@cache
def _calendar() -> HolidayBase:
    """The calendar reads a year's holidays when it is first asked about the year, and keeps them."""
    return country_holidays("CN")


def working_day_after(day: date, count: int) -> date:
    """The count-th working day after a day, which does not count itself. count: one or more."""
    return _calendar().get_nth_working_day(day, count)


def deadlines(region: PoolingRegion, completed_on: date) -> Deadlines:
    """Until when the office decides on papers that were complete on a day, by the region's working days."""
    return Deadlines(
        working_day_after(completed_on, region.reimbursement_days),
        working_day_after(completed_on, region.reimbursement_days_at_most),
    )
