"""The claims that change most, with both calculations kept step by step."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from claims.models import Settlement
from claims.services.settlement import stored_step
from policies.engine.outcome import Outcome, Refusal
from simulation.models import LargestChange, Simulation
from simulation.selectors.law import Law
from simulation.selectors.visits import visits_of_some
from simulation.services.replay import Result, replay

# The amounts of an outcome, in its order.
AMOUNTS = Outcome._fields[:10]


def keep_largest(simulation: Simulation, rows: Sequence[Sequence[Any]], law: Law, days: tuple[date, date]) -> None:
    """Calculate these claims once more with their steps. rows: change, claim, member, before, after, the largest first.

    days: the first and the last of the years that are calculated.
    """
    claims = {row[1] for row in rows}
    kept: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for visits in visits_of_some(simulation.region_id, sorted({row[2] for row in rows}), *days):
        for each in replay(visits, law, claims):
            if each.settled.claim_id in claims:
                kept[each.settled.claim_id] = (_stored(each.before), _stored(each.after))
    LargestChange.objects.bulk_create(
        LargestChange(
            simulation=simulation,
            place=place,
            claim_id=claim,
            before=Decimal(before),
            after=Decimal(after),
            calculation_before=kept[claim][0],
            calculation_after=kept[claim][1],
        )
        for place, (_change, claim, _member, before, after) in enumerate(rows, start=1)
        if claim in kept
    )


def _stored(result: Result) -> dict[str, Any]:
    if isinstance(result, Outcome):
        return {
            "amounts": {name: str(getattr(result, name)) for name in AMOUNTS},
            "warnings": [reason.value for reason in result.warnings],
            "steps": [stored_step(step) for step in result.steps],
        }
    if isinstance(result, Refusal):
        citation = result.citation
        named = ("instrument", "article", "phrase")
        where = {name: getattr(citation, name) for name in named} if citation else {}
        return {"refusal": result.reason.value, "citation": where}
    return {"fault": result.value}


def as_settlement(change: LargestChange, calculation: dict[str, Any]) -> Settlement | None:
    """A kept calculation as a settlement that is not saved; None where nothing is paid. Its account paid nothing."""
    if "amounts" not in calculation:
        return None
    amounts = {name: Decimal(value) for name, value in calculation["amounts"].items()}
    nothing = Decimal("0.00")
    return Settlement(
        claim=change.claim,
        served_on=change.claim.served_on,
        account=nothing,
        family_account=nothing,
        cash=amounts["patient_share"],
        warnings=calculation["warnings"],
        steps=calculation["steps"],
        **amounts,
    )
