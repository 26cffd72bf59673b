"""Two calculations beside each other, step by step, as tables."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.column import Text
from agency.admin.formats import NOTHING, badge
from agency.admin.panels import Table
from claims.models import Settlement
from claims.selectors.explanations import ExplainedStep
from policies.admin.figures import where_it_stands

# What the first and the second calculation are called.
Names = tuple[Text, Text]


class Pair(NamedTuple):
    """A step of one calculation and the same one of the other; None where it has none."""

    before: ExplainedStep | None
    after: ExplainedStep | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


def amounts_beside(before: Settlement | None, after: Settlement | None, amounts: Sequence[str], names: Names) -> Table:
    """These amounts of both, a row each. None: that side pays nothing."""

    def amount(side: Settlement | None, name: str) -> Decimal | None:
        return getattr(side, name) if side else None

    columns = (
        column.text(lambda name: str(column.yuan(name).on(Settlement).heading), _("Amount")),
        column.yuan(lambda name: amount(before, name), _("%(side)s, yuan") % {"side": names[0]}),
        column.yuan(lambda name: amount(after, name), _("%(side)s, yuan") % {"side": names[1]}),
    )
    return Table.of(amounts, columns, caption=_("Amounts, yuan"))


def steps_beside(before: list[ExplainedStep], after: list[ExplainedStep], names: Names) -> Table:
    """The steps of both, and which of them differ."""

    def parameter(step: ExplainedStep | None) -> str:
        return (step.parameter if step else "") or NOTHING

    def stands(pair: Pair) -> Any:
        places = [where_it_stands(step) for step in (pair.before, pair.after) if step is not None]
        return places[0] if len(places) == 1 or places[0] == places[1] else f"{places[0]} → {places[1]}"

    first, second = names
    columns = (
        column.text(lambda pair: (pair.before or pair.after).label, _("Step")),
        column.text(lambda pair: badge(_("differs"), "warning") if pair.differs else "", _("Same?")),
        column.text(lambda pair: parameter(pair.before), _("Parameter: %(side)s") % {"side": first}, is_figure=True),
        column.text(lambda pair: parameter(pair.after), _("Parameter: %(side)s") % {"side": second}, is_figure=True),
        column.yuan(
            lambda pair: pair.before.amount_out if pair.before else None, _("Amount out: %(side)s") % {"side": first}
        ),
        column.yuan(
            lambda pair: pair.after.amount_out if pair.after else None, _("Amount out: %(side)s") % {"side": second}
        ),
        column.text(stands, _("Where it stands")),
    )
    return Table.of(paired(before, after), columns, caption=_("Step by step"), empty=_("Neither side pays anything."))


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
