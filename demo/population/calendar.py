"""The year that the invented people live in: twelve months that are over, and the office's day in the month after."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

# The law of all five regions begins in 2023; that of two of them ends with 2027.
FIRST_DAY, LAST_DAY = date(2024, 2, 1), date(2027, 12, 20)
_MONTHS = 12
# Months with visits, the last of them the fullest.
_SERVED = 2


@dataclass(frozen=True)
class Calendar:
    """Everything is reckoned from the office's day, so that deadlines lie around it; see `on`."""

    today: date

    @classmethod
    def on(cls, day: date) -> "Calendar":
        """The calendar of a day, or of the next one on which every region has its law."""
        return cls(min(max(day, FIRST_DAY), LAST_DAY))

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The first days of the twelve months that are over, the last one at the end."""
        backwards = [month_before(self.today.replace(day=1))]
        while len(backwards) < _MONTHS:
            backwards.append(month_before(backwards[-1]))
        return tuple(reversed(backwards))

    @property
    def last(self) -> date:
        """The last month that is over, by its first day."""
        return self.months[-1]

    @property
    def december(self) -> date:
        """The December among the months: the end of a year that can be cleared."""
        return next(month for month in self.months if month.month == 12)

    @property
    def served(self) -> tuple[date, ...]:
        """The months with visits: the last ones, and the December of the year that is cleared."""
        return tuple(sorted({self.december, *self.months[-_SERVED:]}))

    def days_of(self, month: date) -> int:
        """How many days a month has, given by its first."""
        return monthrange(month.year, month.month)[1]

    def end_of(self, month: date) -> date:
        """The last day of a month given by its first."""
        return month.replace(day=self.days_of(month))

    def known_by(self, month: date) -> date:
        """The day on which the office credits a month: some days after its end, and no day to come."""
        return min(self.end_of(month) + timedelta(days=6), self.today)


def month_before(month: date) -> date:
    """The first day of the month before one that is given by its first."""
    return (month - timedelta(days=1)).replace(day=1)
