"""Both calculations of a claim, step beside step."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.formats import day, yuan
from claims.admin.side_by_side import amounts_beside, steps_beside
from claims.selectors.explanations import explain
from policies.admin.figures import clauses_in
from simulation.admin.people import reason_label
from simulation.models import LargestChange
from simulation.services.largest import AMOUNTS, as_settlement


def both_calculations(change: LargestChange) -> dict[str, Any]:
    """What simulation/change.html needs: whose visit, amounts and steps of both sides, and why nothing is paid."""
    before, after = (
        as_settlement(change, calculation) for calculation in (change.calculation_before, change.calculation_after)
    )
    steps = [explain(each) if each else [] for each in (before, after)]
    claim, names = change.claim, (_("Before"), _("After"))
    return {
        "change": change,
        "facts": [
            (_("Claim"), claim),
            (_("Member"), claim.member.name),
            (_("Provider"), claim.provider),
            (_("Served on"), day(claim.served_on)),
            (_("Benefit"), claim.get_benefit_display()),
            (_("The fund pays, before"), yuan(change.before)),
            (_("The fund pays, after"), yuan(change.after)),
        ],
        "notices": [
            sentence
            for sentence in (
                _nothing(names[0], change.calculation_before),
                _nothing(names[1], change.calculation_after),
            )
            if sentence
        ],
        "tables": [amounts_beside(before, after, AMOUNTS, names), steps_beside(steps[0], steps[1], names)],
        "clauses": clauses_in([*steps[0], *steps[1]]),
    }


def _nothing(side: str, calculation: Mapping[str, Any]) -> str:
    """Why a side pays nothing; empty where it has a calculation."""
    if "amounts" in calculation:
        return ""
    reason = calculation.get("refusal") or f"fault:{calculation['fault']}"
    where = calculation.get("citation") or {}
    stands = " ".join(filter(None, (where.get("instrument"), where.get("article"))))
    return f"{side}: {reason_label(reason)} {stands}".strip()
