"""People of Zaozhuang who were treated in the first months of 2024, and a draft that pays retirees more.

What needs Django is imported inside: it is set up after this file was read.
"""

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agency.models import User
    from members.models import Member
    from policies.models import PolicyVersion

JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))


@pytest.fixture
def people() -> "list[Member]":
    """Zaozhuang, where a primary institution's deductible is 200 a year, the fund pays 75 % for retirees and 70 % for
    those at work, and 1,500 yuan a year at most. The first one reaches that: 600 in January, 750, and 150 of 750.
    """
    from policies.engine.vocabulary import InsuredStatus
    from tests import builder
    from tests.builder.settlements import settled

    retired, active = InsuredStatus.RETIRED, InsuredStatus.ACTIVE
    region = builder.region("zaozhuang")
    builder.average_pension(region, 2023, 3120)
    first, second, third = (
        builder.insured(region, status=status, birth_date=born, since=date(2020, 1, 1))
        for status, born in ((retired, date(1950, 1, 1)), (retired, date(1951, 1, 1)), (active, date(1980, 1, 1)))
    )
    builder.contributions(third, JANUARY, MARCH)
    clinic = builder.a_provider(region)
    for day in (JANUARY, FEBRUARY, MARCH):
        settled(first, "1000.00", provider=clinic, served_on=day)
    settled(second, "300.00", provider=clinic, served_on=FEBRUARY)
    settled(third, "300.00", provider=clinic, served_on=MARCH)
    return [first, second, third]


@pytest.fixture
def law(people: "list[Member]") -> "PolicyVersion":
    from policies.selectors.versions import version_in_force

    return version_in_force(people[0].region, MARCH)


@pytest.fixture
def draft(law: "PolicyVersion", maker: "User") -> "PolicyVersion":
    """Five points more for retirees."""
    from tests.builder.simulations import draft_of, raised

    return raised(draft_of(law, maker), maker, "0.05")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for each member."""
    from simulation.services import runs

    monkeypatch.setattr(runs, "PART_SIZE", 2)
