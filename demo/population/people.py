"""Members with their enrollments and contributions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.population.calendar import Calendar
from demo.population.names import invented_identity_number, invented_name, invented_phone
from demo.population.places import Place

MEMBERS = 200
# The birthday that a pension rule and a deductible rule turn on; some people reach it in the last three months.
_SENIOR_AGE, _SENIOR_SINCE_DAYS, _SENIOR_UNTIL_DAYS = 70, 19, 114
_UNPAID_EVERY, _LATE_EVERY = 18, 31
_FIRST_ENROLLMENT = date(2002, 1, 1)
EMPLOYERS = ("青禾农机厂", "云溪中学", "长桥建材公司", "石泉水务公司", "北岭客运站", "新林食品厂")


@dataclass(frozen=True)
class Enrollment:
    """How somebody is insured from a day on."""

    since: date
    scheme: str
    employment: str
    status: str
    had_account_before: bool = True


@dataclass(frozen=True)
class Contribution:
    """A month's base in fen, and the day it came if not on time."""

    month: date
    base_fen: int
    received_on: date | None


@dataclass(frozen=True)
class Person:
    """A member with everything that the files say."""

    member_number: str
    name: str
    identity_number: str
    sex: str
    birth_date: date
    phone: str
    employer: str
    old_retiree_credit_fen: int | None
    enrollments: tuple[Enrollment, ...]
    contributions: tuple[Contribution, ...]

    def is_paid_up(self, month: date) -> bool:
        """Whether a month is contributed for on time, or nothing is due because the person is retired."""
        paid = [each for each in self.contributions if each.month == month]
        return self.enrollments[-1].status == "retired" or bool(paid and paid[0].received_on is None)


def people(place: Place, rng: Random, calendar: Calendar) -> list[Person]:
    """The region's members, in the order of their numbers."""
    taken: set[str] = set()
    invented: list[Person] = []
    payers = 0
    for number in range(1, MEMBERS + 1):
        status = rng.choices(("retired", "converted", "active"), weights=(31, 3, 66))[0]
        payers += status == "active"
        invented.append(_person(place, rng, calendar, number, status, payers, taken))
    return invented


def _person(
    place: Place, rng: Random, calendar: Calendar, number: int, status: str, payer: int, taken: set[str]
) -> Person:
    """A member who is active, retired, or was converted to retired in the last three months."""
    sex = rng.choice("MF")
    born = _birth_date(rng, calendar, sex, status)
    enrollments = _enrollments(place, rng, calendar, sex, born, status)
    last = enrollments[-1]
    # Some files lack the old amount, so that a credit run has somebody it cannot credit.
    has_old_amount = place.has_old_standard and (last.status, last.employment) == ("retired", "employee")
    has_old_amount = has_old_amount and last.had_account_before and rng.random() < 0.94
    return Person(
        member_number=f"{place.admdvs}{number:06d}",
        name=invented_name(rng, sex),
        identity_number=invented_identity_number(rng, rng.choice(list(place.counties)), born, sex, taken),
        sex=sex,
        birth_date=born,
        phone=invented_phone(rng),
        employer=rng.choice(EMPLOYERS) if (last.status, last.employment) == ("active", "employee") else "",
        old_retiree_credit_fen=rng.randrange(6000, 16000, 50) if has_old_amount else None,
        enrollments=enrollments,
        contributions=tuple(_contributions(rng, calendar, enrollments, payer)),
    )


def pension_age(sex: str) -> int:
    """The age in years at which people of a sex retire."""
    return 60 if sex == "M" else 55


def senior_birthdays(calendar: Calendar) -> tuple[date, date]:
    """From when to when those were born who reach the rules' age around the last three months."""
    begins = calendar.months[-3]
    born = begins.replace(year=begins.year - _SENIOR_AGE)
    return born + timedelta(days=_SENIOR_SINCE_DAYS), born + timedelta(days=_SENIOR_UNTIL_DAYS)


def _birth_date(rng: Random, calendar: Calendar, sex: str, status: str) -> date:
    if status == "converted":
        month = rng.choice(calendar.months[-3:])
        return date(month.year - pension_age(sex), month.month, rng.randint(1, 28))
    if status == "retired" and rng.random() < 0.25:
        first, last = senior_birthdays(calendar)
        return first + timedelta(days=rng.randint(0, (last - first).days))
    youngest, oldest = (pension_age(sex), 92) if status == "retired" else (22, pension_age(sex) - 1)
    return date(calendar.last.year - 1 - rng.randint(youngest, oldest), rng.randint(1, 12), rng.randint(1, 28))


def _enrollments(
    place: Place, rng: Random, calendar: Calendar, sex: str, born: date, status: str
) -> tuple[Enrollment, ...]:
    """Active from the twentieth year at the earliest, retired from the pension age; the system itself is of 2002."""
    employment = "flexible" if rng.random() < 0.18 else "employee"
    is_pooled_only = place.has_pooled_only and employment == "flexible" and rng.random() < 0.55
    scheme = "pooled_only" if is_pooled_only else "combined"
    if status == "retired":
        since = max(date(born.year + pension_age(sex), born.month, 1), _FIRST_ENROLLMENT)
        return (Enrollment(since, scheme, employment, "retired", had_account_before=rng.random() > 0.12),)
    latest = calendar.months[0].year - 1
    since = date(rng.randint(min(max(born.year + 20, _FIRST_ENROLLMENT.year), latest), latest), rng.randint(1, 12), 1)
    first = Enrollment(since, scheme, employment, "active")
    if status == "converted":
        before, last = calendar.months[-2:]
        retired_from = rng.choice((before, last, last.replace(day=15)))
        return (first, Enrollment(retired_from, scheme, employment, "retired"))
    if is_pooled_only and rng.random() < 0.2:
        return (first, Enrollment(calendar.last, "combined", employment, "active"))
    return (first,)


def _contributions(
    rng: Random, calendar: Calendar, enrollments: tuple[Enrollment, ...], payer: int
) -> Iterator[Contribution]:
    """What came in for the months in which the person was active at the end.

    payer: the person's place among those who pay; every so many have not paid the last month, or paid it late.
    """
    base = rng.randrange(380_000, 1_500_000, 10)
    is_late = payer % _LATE_EVERY == 0
    paid_until = calendar.months[-2] if payer % _UNPAID_EVERY == 0 else calendar.last
    retired_from = next((each.since for each in enrollments if each.status == "retired"), date.max)
    came_late = min(calendar.end_of(calendar.last) + timedelta(days=6), calendar.today)
    for month in calendar.months:
        if month <= paid_until and retired_from > month:
            yield Contribution(month, base, came_late if is_late and month == calendar.last else None)
