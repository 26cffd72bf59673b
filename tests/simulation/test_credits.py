"""Credits of a simulation beside what is explained of each member and month, over a random population."""

import random
from datetime import date
from decimal import Decimal

import pytest

from accounts.selectors.credits import explain_credits
from accounts.services.credit_runs import last_day_of_month
from policies.services.packs import load_pack
from simulation.selectors.law import law_of
from simulation.services.credits import credits_of
from tests import builder
from tests.accounts.test_credit_parity_large import INVENTED, averages, story, write

pytestmark = pytest.mark.django_db

# Each with the month before and the one after, in which ages are reached, bases begin and members are converted.
MIDDLES = [
    ("pingliang", date(2023, 2, 1)),
    ("dazhou", date(2023, 2, 1)),
    ("zaozhuang", date(2023, 12, 1)),
    ("baoshan", date(2023, 2, 1)),
    ("tongwan", date(2024, 2, 1)),
]
PEOPLE = 120


def neighbours(month: date) -> list[date]:
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return [before, month, date(month.year + month.month // 12, month.month % 12 + 1, 1)]


@pytest.mark.parametrize(("slug", "middle"), MIDDLES, ids=[slug for slug, _middle in MIDDLES])
def test_a_simulation_credits_what_the_engine_explains_month_by_month(slug: str, middle: date) -> None:
    chance = random.Random(f"simulated {slug}")
    if slug in INVENTED:
        load_pack(INVENTED[slug])
    region = builder.region(slug)
    averages(region, chance)
    members = write(region, [story(chance, middle) for _ in range(PEOPLE)], middle)
    months = neighbours(middle)
    as_of = last_day_of_month(months[-1])
    days = {month: last_day_of_month(month) for month in months}
    law = law_of(region, region.policy_versions.all()[0], None, [], days.values())
    sides = {month: law.before[day] for month, day in days.items()}

    explained: dict[str, tuple[int, Decimal]] = {}
    for member in members:
        for month in months:
            for credit in explain_credits(member, month, as_of):
                if credit.amount:
                    kind = f"{month:%Y-%m} {credit.term.component} {credit.term.fund}"
                    count, amount = explained.get(kind, (0, Decimal()))
                    explained[kind] = (count + 1, amount + credit.amount)

    result = credits_of(region, (members[0].pk, members[-1].pk), as_of, sides, sides)
    found: dict[str, tuple[int, Decimal]] = {}
    for kind, cell in result["credited"].items():
        month, _status, _employment, _scheme, component, fund = kind.split(" ")
        assert cell[:2] == cell[2:]
        count, amount = found.get(f"{month} {component} {fund}", (0, Decimal()))
        found[f"{month} {component} {fund}"] = (count + cell[0], amount + Decimal(cell[1]))
    assert found == explained
    assert {kind.split(" ")[0] for kind in found} == {f"{month:%Y-%m}" for month in months}
    assert result["undecided"] == {"before": 0, "after": 0}
