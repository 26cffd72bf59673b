"""Both calculations of a claim, step beside step."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.formats import NOTHING, badge, day, yuan
from agency.admin.panels import Table
from claims.models import Settlement
from claims.selectors.explanations import ExplainedStep, explain
from policies.admin.figures import clauses_in, where_it_stands
from simulation.admin.people import reason_label
from simulation.models import LargestChange
from simulation.services.largest import AMOUNTS, as_settlement


class Pair(NamedTuple):
    """A step of one calculation and the same one of the other; None where it has none."""

    before: ExplainedStep | None
    after: ExplainedStep | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


def both_calculations(change: LargestChange) -> dict[str, Any]:
    """What simulation/change.html needs: whose visit, amounts and steps of both sides, and why nothing is paid."""
    before, after = (
        as_settlement(change, calculation) for calculation in (change.calculation_before, change.calculation_after)
    )
    steps = [explain(each) if each else [] for each in (before, after)]
    claim = change.claim
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
                _nothing(_("Before"), change.calculation_before),
                _nothing(_("After"), change.calculation_after),
            )
            if sentence
        ],
        "tables": [_amounts(before, after), _steps(paired(steps[0], steps[1]))],
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


def paired(before: list[ExplainedStep], after: list[ExplainedStep]) -> list[Pair]:
    """Steps of the same name beside each other, the first beside the first, in the order of the one that has more."""
    longer, shorter, is_before = (before, after, True) if len(before) >= len(after) else (after, before, False)
    numbered = dict(_numbered(shorter))
    pairs = []
    for name, step in _numbered(longer):
        other = numbered.pop(name, None)
        pairs.append(Pair(step, other) if is_before else Pair(other, step))
    pairs += [Pair(None, step) if is_before else Pair(step, None) for step in numbered.values()]
    return pairs


def _numbered(steps: list[ExplainedStep]) -> list[tuple[tuple[str, int], ExplainedStep]]:
    seen: Counter[str] = Counter()
    numbered = []
    for step in steps:
        seen[step.label] += 1
        numbered.append(((step.label, seen[step.label]), step))
    return numbered


def _amounts(before: Settlement | None, after: Settlement | None) -> Table:
    def amount(side: Settlement | None, name: str) -> Decimal | None:
        return getattr(side, name) if side else None

    columns = (
        column.text(lambda name: str(column.yuan(name).on(Settlement).heading), _("Amount")),
        column.yuan(lambda name: amount(before, name), _("Before, yuan")),
        column.yuan(lambda name: amount(after, name), _("After, yuan")),
    )
    return Table.of(AMOUNTS, columns, caption=_("Amounts, yuan"))


def _steps(pairs: list[Pair]) -> Table:
    def parameter(step: ExplainedStep | None) -> str:
        return (step.parameter if step else "") or NOTHING

    def stands(pair: Pair) -> Any:
        places = [where_it_stands(step) for step in (pair.before, pair.after) if step is not None]
        return places[0] if len(places) == 1 or places[0] == places[1] else f"{places[0]} → {places[1]}"

    columns = (
        column.text(lambda pair: (pair.before or pair.after).label, _("Step")),
        column.text(lambda pair: badge(_("differs"), "warning") if pair.differs else "", _("Same?")),
        column.text(lambda pair: parameter(pair.before), _("Parameter before"), is_figure=True),
        column.text(lambda pair: parameter(pair.after), _("Parameter after"), is_figure=True),
        column.yuan(lambda pair: pair.before.amount_out if pair.before else None, _("Amount out before")),
        column.yuan(lambda pair: pair.after.amount_out if pair.after else None, _("Amount out after")),
        column.text(stands, _("Where it stands")),
    )
    return Table.of(pairs, columns, caption=_("Step by step"), empty=_("Neither side pays anything."))
