"""What both sides of a simulation share is what each comes to alone; several workers part it among them."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agency.models import User
from members.models import Member
from policies.engine.policy import Policy
from policies.engine.vocabulary import InsuredStatus, Tier
from policies.models import (
    Ceiling,
    Conduct,
    Deductible,
    PolicyVersion,
    RefusalRule,
    ReimbursementRate,
    RuleRow,
)
from policies.services.rule_changes import change_rule
from simulation.models import SimulationState
from simulation.selectors.law import law_of
from simulation.selectors.visits import Settled, settled_visits
from simulation.services.replay import Side, replay
from simulation.services.runs import begin, perform_part
from tests import builder
from tests.builder.settlements import settled
from tests.builder.simulations import asked, done, draft_of
from tests.builder.threads import together

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))
RETIRED, ACTIVE = InsuredStatus.RETIRED, InsuredStatus.ACTIVE


CHANGES: tuple[tuple[type[RuleRow], dict[str, Any], dict[str, Any]], ...] = (
    (ReimbursementRate, {"benefit": "general_outpatient", "status": "retired"}, {"rate": Decimal("0.9")}),
    (Deductible, {"benefit": "general_outpatient"}, {"amount": Decimal("50.00")}),
    (Ceiling, {"scope": "general_outpatient"}, {"amount": Decimal("700.00")}),
    (Conduct, {"benefit": "all", "key": "pharmacy_terms"}, {"value": "prescriber"}),
    (RefusalRule, {"reason": "arrears"}, {"effect": "refuse"}),
)


def alone(visits: list[Settled], policies: Mapping[date, Policy]) -> list[Any]:
    """What one side comes to without the other."""
    side, results = Side(policies), []
    for visit in visits:
        results.append(side.calculate(visit, explain=False))
        side.take(visit, results[-1])
    return results


def test_what_is_calculated_once_is_what_each_side_alone_comes_to(
    law: PolicyVersion, people: list[Member], maker: User
) -> None:
    """For a draft that changes nothing, and for drafts that change a kind of rule each."""
    region = people[0].region
    pharmacy = builder.a_provider(region, Tier.PHARMACY)
    settled(people[1], "90.00", provider=pharmacy, prescribing_tier=Tier.SECONDARY, served_on=MARCH)
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(91)]
    visits = list(settled_visits(region.pk, people[0].pk, people[2].pk, days[0], days[-1]))
    differing = []
    for number, change in enumerate((None, *CHANGES)):
        version = draft_of(law, maker, label=f"change {number}")
        if change is not None:
            model, which, values = change
            for row in model._default_manager.filter(version=version, **which):
                change_rule(row, values, actor=maker, reason=builder.REASON)
        sides = law_of(region, version, None, days, [])
        shared = [[(each.before, each.after) for each in replay(held, sides)] for held in visits]
        apart = [list(zip(alone(held, sides.before), alone(held, sides.after), strict=True)) for held in visits]
        assert shared == apart
        differing.append(any(before != after for held in apart for before, after in held))
    assert differing == [False, True, True, True, True, False]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_part_once(draft: PolicyVersion) -> None:
    whole = done(asked(draft))
    simulation = asked(draft)
    begin(simulation.job)

    def work() -> int:
        count = 0
        while perform_part(simulation.pk):
            count += 1
        return count

    assert sum(int(str(count)) for count in together(work, work, work)) == 3
    simulation.refresh_from_db()
    assert simulation.state == SimulationState.DONE
    assert simulation.result == whole.result
    assert simulation.changes.count() == whole.changes.count() == 4
