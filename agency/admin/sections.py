"""A table of a report, once for the screen, for paper and for files, with the chart to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.column import Column
from agency.admin.formats import number, yuan
from agency.admin.panels import Table
from agency.exporting.report import Part
from agency.exporting.sheet import Heading, Kind, Sheet

_WRITTEN: dict[Kind, Callable[[Any], Any]] = {Kind.YUAN: yuan, Kind.NUMBER: number}
# Grey for what was, blue for what is or would be: both are read on a light and a dark screen, and on paper.
BEFORE, AFTER = "#9ca3af", "#2563eb"


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the report. adds_up: whether its yuan and counts make a sum. chart: as chart.js takes it."""

    name: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    adds_up: bool = True
    chart: Mapping[str, Any] | None = None
    empty: str = ""

    @property
    def chart_id(self) -> str:
        """Where the page keeps the chart's figures."""
        return f"chart-{self.name}"

    @property
    def table(self) -> Table:
        """On the screen and on paper."""
        return Table.of(
            self.rows, self.columns, foot=self._sums() if self.adds_up and self.rows else (), empty=self.empty
        )

    def _sums(self) -> list[Any]:
        together: list[Any] = [
            _WRITTEN[each.kind](sum(each.value(row) for row in self.rows)) if each.kind in _WRITTEN else ""
            for each in self.columns
        ]
        together[0] = _("Together")
        return together

    @property
    def part(self) -> Part:
        """In a workbook."""
        headings = [Heading(str(each.heading), each.kind) for each in self.columns]
        rows = [[each.plain(row) for each in self.columns] for row in self.rows]
        return Part(Sheet(self.title, headings, rows), self.note, self.adds_up)


def bars(names: Sequence[str], *series: tuple[str, str, Sequence[Any]]) -> dict[str, Any]:
    return {
        "labels": list(names),
        "datasets": [
            {"label": title, "backgroundColor": colour, "data": [str(each) for each in values]}
            for title, colour, values in series
        ],
    }
