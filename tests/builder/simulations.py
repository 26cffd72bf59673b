"""Simulations brought to their end in this process, part by part, as workers do."""

from datetime import date
from decimal import Decimal
from typing import Any

from agency.models import PoolingRegion, User
from claims.models import Settlement
from policies.engine.outcome import Outcome
from policies.engine.vocabulary import Benefit, InsuredStatus
from policies.models import PolicyVersion, ReimbursementRate
from policies.services.rule_changes import change_rule
from policies.services.versions import draft_version
from simulation.models import Simulation
from simulation.selectors.law import law_of
from simulation.selectors.visits import settled_visits
from simulation.services.replay import replay
from simulation.services.runs import begin, perform_part
from simulation.services.simulations import request_simulation
from tests.builder.staff import REASON

TODAY = date(2024, 6, 30)


def draft_of(version: PolicyVersion, actor: User, *, label: str = "2030-01") -> PolicyVersion:
    """A copy that changes nothing."""
    return draft_version(version, label=label, first_day=date(2030, 1, 1), last_day=None, actor=actor, reason=REASON)


def raised(draft: PolicyVersion, actor: User, by: str, status: InsuredStatus = InsuredStatus.RETIRED) -> PolicyVersion:
    """The draft with other general outpatient rates for a status."""
    rates = ReimbursementRate.objects.filter(
        version=draft, benefit=Benefit.GENERAL_OUTPATIENT, status=status, rate__isnull=False
    )
    for row in rates:
        assert row.rate is not None
        change_rule(row, {"rate": row.rate + Decimal(by)}, actor=actor, reason=REASON)
    return draft


def asked(version: PolicyVersion, actor: User | None = None, **options: Any) -> Simulation:
    """Of the first three months of 2024, unless said otherwise."""
    known: dict[str, Any] = {"first_month": date(2024, 1, 1), "last_month": date(2024, 3, 1), "today": TODAY}
    return request_simulation(version, actor=actor, **known | options)


def done(simulation: Simulation) -> Simulation:
    """Have it done to the end."""
    begin(simulation.job)
    while perform_part(simulation.pk):
        pass
    simulation.refresh_from_db()
    return simulation


def settled_otherwise(region: PoolingRegion) -> list[str]:
    """The settlements of a region that the law in force calculates otherwise than they were settled, or not at all."""
    standing = set(
        Settlement.objects.filter(member__region=region, reverses__isnull=True, reversed_by__isnull=True).values_list(
            "claim_id", "served_on"
        )
    )
    if not standing:
        return []
    days = {day for _claim, day in standing}
    law = law_of(region, region.policy_versions.all()[0], None, [], days)
    wrong, found = [], set()
    for visits in settled_visits(region.pk, 0, 2**40, min(days), max(days)):
        for settled, before, _after in replay(visits, law):
            found.add((settled.claim_id, settled.visit.served_on))
            if not isinstance(before, Outcome) or before[:10] != settled.amounts:
                wrong.append(f"{settled}: {before}")
    return [*wrong, *(f"not found: {each}" for each in standing - found)]
