"""Visits that somebody should look at: far apart within an hour, day after day, several bills of one day."""

from dataclasses import replace
from datetime import time, timedelta

from demo.population.bills import Bill, Month

_DAYS_IN_A_ROW, _BILLS_OF_A_DAY = 7, 4
_MORNING = time(9, 10)
_MINUTES_LATER = 35


def suspicious(month: Month) -> list[Bill]:
    """One case of each, each of another person."""
    there = next(each for each in month.institutions if each.is_remote)
    here = next(each for each in month.institutions if not each.is_remote)
    commuter, regular, splitter = month.rng.sample(month.insured, 3)
    first = month.month + timedelta(days=month.rng.randrange(15))
    later = time(_MORNING.hour, _MORNING.minute + _MINUTES_LATER)
    bills = [
        replace(month.bill(commuter, here), served_on=first, served_at=_MORNING),
        replace(month.bill(commuter, there), served_on=first, served_at=later),
    ]
    for number in range(_DAYS_IN_A_ROW):
        visit = month.bill(regular, here)
        bills.append(replace(visit, served_on=first + timedelta(days=number)))
    for number in range(_BILLS_OF_A_DAY):
        part = month.bill(splitter, here)
        bills.append(replace(part, served_on=first, served_at=time(9 + number, 5)))
    return bills
