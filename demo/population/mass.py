"""Invented people by the million: each is made of the seed and a running number alone, so nobody is kept in memory.

Plain Python without Django. A region's `Town` says what its law asks for; `person` makes one member with everything
that would have been registered about them.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from demo.population.names import check_character, invented_name
from demo.population.people import EMPLOYERS, Contribution, Enrollment, pension_age

# How often, of a thousand people.
_RETIRED, _CONVERTED, _FLEXIBLE, _NEVER_HAD_ACCOUNT, _DIED = 300, 10, 180, 120, 3
_POOLED_ONLY_AMONG_FLEXIBLE, _CIVIL_SERVANTS_AMONG_EMPLOYEES, _WITHOUT_OLD_AMOUNT = 500, 80, 60
# Of those who contribute.
_UNPAID, _LATE = 50, 30
_FIRST_YEAR = 2002
_YOUNGEST, _OLDEST = 22, 92
# An identity number is its county, its sequence and its birthday. The sequences up to 898 make 449 pairs of a man's and
# a woman's number; higher ones belong to the demonstration's people. Birthdays are dealt by day of the year and by the
# year's place among eight, so that two people with one county and sequence never share one.
_PAIRS, _DAYS, _YEAR_CLASSES = 449, 365, 8
# Neighbours in the files are no neighbours by birthday. Prime, so that it passes by nobody (see `Town.capacity`).
_STRIDE = 1_000_003


class Basis(NamedTuple):
    """What a civil servant's subsidy is a share of, in fen, from a month on."""

    since: date
    kind: str
    amount_fen: int


class Resident(NamedTuple):
    """A member, alive or not, with everything that is registered."""

    member_number: str
    name: str
    identity_number: str
    sex: str
    birth_date: date
    died_on: date | None
    employer: str
    old_retiree_credit_fen: int | None
    enrollments: tuple[Enrollment, ...]
    contributions: tuple[Contribution, ...]
    basis: Basis | None = None
    phone: str = ""


@dataclass(frozen=True)
class Town:
    """A region, as far as its people need it, and the months that they contribute for.

    counties: administrative division codes. months: first days, one after the other. rules_since: the first day of the
    region's rules; who was insured before has the bases of before. has_pooled_only, has_old_standard,
    has_civil_servants: whether the region's credits ask for such people.
    """

    counties: tuple[str, ...]
    months: tuple[date, ...]
    rules_since: date
    has_pooled_only: bool
    has_old_standard: bool
    has_civil_servants: bool

    @property
    def capacity(self) -> int:
        """How many people with identity numbers of their own fit into the region."""
        return len(self.counties) * _PAIRS * _DAYS * _YEAR_CLASSES

    @cached_property
    def last_day(self) -> date:
        """The last day of the last month; nothing happens after it."""
        return end_of(self.months[-1])


def end_of(month: date) -> date:
    """The last day of a month given by its first."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def number_prefix(seed: int) -> str:
    """What the member numbers of a seed begin with."""
    return f"G{seed:06d}-"


def person(town: Town, seed: int, number: int) -> Resident:
    """The person with a running number, 0 ≤ number < town.capacity; no two numbers share an identity number.

    The number runs on through all seeds of a region; the same seed and number always make the same person.
    """
    rng = Random((seed << 32) + number)  # noqa: S311 - nothing secret is made here.
    sex = rng.choice("MF")
    kind = rng.choices(("retired", "converted", "active"), (_RETIRED, _CONVERTED, 1000 - _RETIRED - _CONVERTED))[0]
    county, pair, born = _county_pair_and_birthday(town, rng, number, sex, kind)
    enrollments = _enrollments(town, rng, born, sex, kind)
    last = enrollments[-1]
    died_on = _day_of_death(town, rng) if kind != "converted" and _happens(rng, _DIED) else None
    is_employee = last.employment == "employee"
    has_old_amount = town.has_old_standard and is_employee and last.status == "retired" and last.had_account_before
    has_old_amount = has_old_amount and not _happens(rng, _WITHOUT_OLD_AMOUNT)
    serves = town.has_civil_servants and is_employee and _happens(rng, _CIVIL_SERVANTS_AMONG_EMPLOYEES)
    body = f"{county}{born.year}{born.month:02d}{born.day:02d}{2 * pair + (1 if sex == 'M' else 2):03d}"
    return Resident(
        member_number=f"{number_prefix(seed)}{number:08d}",
        name=invented_name(rng, sex),
        identity_number=body + check_character(body),
        sex=sex,
        birth_date=born,
        died_on=died_on,
        employer=rng.choice(EMPLOYERS) if is_employee and last.status == "active" else "",
        old_retiree_credit_fen=rng.randrange(6000, 16000, 50) if has_old_amount else None,
        enrollments=enrollments,
        contributions=_contributions(town, rng, enrollments, died_on),
        basis=_basis(town, rng, enrollments) if serves else None,
    )


def _happens(rng: Random, of_a_thousand: int) -> bool:
    return rng.random() * 1000 < of_a_thousand


def _county_pair_and_birthday(town: Town, rng: Random, number: int, sex: str, kind: str) -> tuple[str, int, date]:
    place = number * _STRIDE % town.capacity
    place, pair = divmod(place, _PAIRS)
    place, county = divmod(place, len(town.counties))
    year_class, day = divmod(place, _DAYS)
    this_year, pension = town.months[0].year, pension_age(sex)
    first, last = {
        "retired": (this_year - _OLDEST, this_year - pension - 1),
        # Some retire five years early, some two years late.
        "converted": (this_year - pension - 2, this_year - pension + 5),
        "active": (this_year - pension + 1, this_year - _YOUNGEST),
    }[kind]
    first += (year_class - first) % _YEAR_CLASSES
    year = first + _YEAR_CLASSES * rng.randint(0, (last - first) // _YEAR_CLASSES)
    return town.counties[county], pair, date(year, 1, 1) + timedelta(days=day)


def _enrollments(town: Town, rng: Random, born: date, sex: str, kind: str) -> tuple[Enrollment, ...]:
    """Active from the twentieth year at the earliest, retired from the pension age or in one of the months."""
    employment = "flexible" if _happens(rng, _FLEXIBLE) else "employee"
    is_pooled_only = employment == "flexible" and town.has_pooled_only and _happens(rng, _POOLED_ONLY_AMONG_FLEXIBLE)
    scheme = "pooled_only" if is_pooled_only else "combined"
    if kind == "retired":
        since = max(date(born.year + pension_age(sex), born.month, 1), date(_FIRST_YEAR, 1, 1))
        had_account = not _happens(rng, _NEVER_HAD_ACCOUNT)
        return (Enrollment(since, scheme, employment, "retired", had_account),)
    began = date(rng.randint(max(born.year + 20, _FIRST_YEAR), town.months[0].year - 1), rng.randint(1, 12), 1)
    first = Enrollment(began, scheme, employment, "active")
    if kind == "active":
        return (first,)
    retired_from = rng.choice(town.months).replace(day=rng.choice((1, 1, 15)))
    return (first, Enrollment(retired_from, scheme, employment, "retired"))


def _day_of_death(town: Town, rng: Random) -> date:
    return town.months[0] + timedelta(days=rng.randint(0, (town.last_day - town.months[0]).days))


def _contributions(
    town: Town, rng: Random, enrollments: tuple[Enrollment, ...], died_on: date | None
) -> tuple[Contribution, ...]:
    """What came in for the months that began with the person active and alive.

    Some have not paid the last month; some months but the last were paid late, in the month after.
    """
    base = rng.randrange(380_000, 1_500_000, 10)
    last = town.months[-2] if len(town.months) > 1 and _happens(rng, _UNPAID) else town.months[-1]
    late_month = rng.choice(town.months[:-1]) if len(town.months) > 1 and _happens(rng, _LATE) else None
    return tuple(
        Contribution(month, base, end_of(month) + timedelta(days=rng.randint(1, 28)) if month == late_month else None)
        for month in town.months
        if month <= last
        and (died_on is None or month <= died_on)
        and not any(each.status == "retired" and each.since <= month for each in enrollments)
    )


def _basis(town: Town, rng: Random, enrollments: tuple[Enrollment, ...]) -> Basis:
    first = enrollments[0]
    is_active = first.status == "active"
    amount = rng.randrange(300_000, 1_200_000, 10)
    if first.since < town.rules_since:
        kind = "december_2022_base" if is_active else "december_2022_pension"
        return Basis(town.rules_since.replace(day=1), kind, amount)
    return Basis(first.since, "confirmed_pay" if is_active else "first_pension", amount)
