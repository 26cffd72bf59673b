"""Working days: weekdays and make-up days, without the public holidays of China."""

from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays


@cache
def _calendar() -> HolidayBase:
    """The calendar reads a year's holidays when it is first asked about the year, and keeps them."""
    return country_holidays("CN")


def working_day_after(day: date, count: int) -> date:
    """The count-th working day after a day, which does not count itself. count: one or more."""
    return _calendar().get_nth_working_day(day, count)


def working_days_until(today: date, due: date) -> int:
    """How many working days are left after today, the due day included; below zero, how many have passed since."""
    if due < today:
        return -working_days_until(due, today)
    return _calendar().get_working_days_count(today + timedelta(days=1), due) if due > today else 0
