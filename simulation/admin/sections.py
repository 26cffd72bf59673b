"""What compares both sides of a simulation in a table of its report."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.column import Column
from agency.admin.sections import AFTER, BEFORE, bars
from policies.engine import vocabulary as v


class Compared(NamedTuple):
    """A row with an amount on both sides, yuan."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


def sides() -> tuple[Column, Column, Column]:
    return (
        column.yuan("before", _("Before, yuan")),
        column.yuan("after", _("After, yuan")),
        column.yuan("change", _("Difference, yuan")),
    )


def both(rows: Sequence[Any]) -> dict[str, Any]:
    """Before and after, side by side."""
    return bars(
        [row.name for row in rows],
        (_("Before, yuan"), BEFORE, [row.before for row in rows]),
        (_("After, yuan"), AFTER, [row.after for row in rows]),
    )


def in_order(name: str) -> Callable[[str], Any]:
    terms: dict[str, Any] = {
        "benefit": v.Benefit,
        "tier": v.Tier,
        "status": v.InsuredStatus,
        "scheme": v.AccountScheme,
    }
    if name not in terms:
        # Grades and months by themselves, what has none last.
        return lambda value: (not value, value)
    places = [term.value for term in terms[name]]
    return lambda value: places.index(value) if value in places else len(places)
