"""Working days by the calendar that the State Council publishes for each year."""

from datetime import date

import pytest

from agency.working_days import working_day_after, working_days_until
from reimbursements.services.deadlines import Deadlines, deadlines
from tests import builder


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # A Friday; Monday is the first working day after it.
        (date(2024, 3, 8), 1, date(2024, 3, 11)),
        # The day itself does not count, weekend or not.
        (date(2024, 3, 10), 1, date(2024, 3, 11)),
        # Spring Festival 2024: off from 10 to 17 February; Sunday the 4th and Sunday the 18th are worked.
        (date(2024, 2, 2), 1, date(2024, 2, 4)),
        (date(2024, 2, 9), 1, date(2024, 2, 18)),
        # National Day 2024: off from 1 to 7 October; Sunday 29 September and Saturday 12 October are worked. The ten
        # days are 29, 30, 8, 9, 10, 11, 12, 14, 15, 16.
        (date(2024, 9, 27), 10, date(2024, 10, 16)),
    ],
)
def test_holidays_are_left_out_and_make_up_days_count(day: date, count: int, expected: date) -> None:
    assert working_day_after(day, count) == expected


@pytest.mark.parametrize(
    ("today", "due", "expected"),
    [
        (date(2024, 3, 8), date(2024, 3, 8), 0),
        (date(2024, 3, 8), date(2024, 3, 11), 1),
        # Over National Day, as above; and as many have passed where the day is over.
        (date(2024, 9, 27), date(2024, 10, 16), 10),
        (date(2024, 10, 16), date(2024, 9, 27), -10),
        # On a Sunday after a Friday no working day has passed yet.
        (date(2024, 3, 10), date(2024, 3, 8), 0),
    ],
)
def test_working_days_that_are_left_or_have_passed(today: date, due: date, expected: int) -> None:
    assert working_days_until(today, due) == expected


@pytest.mark.django_db
def test_a_region_has_its_usual_and_its_last_day() -> None:
    region = builder.region("zaozhuang")
    region.reimbursement_days, region.reimbursement_days_at_most = 5, 12
    # Wednesday 20 March 2024; Qingming is off from 4 to 6 April, Sunday the 7th is worked.
    assert deadlines(region, date(2024, 3, 20)) == Deadlines(date(2024, 3, 27), date(2024, 4, 8))
