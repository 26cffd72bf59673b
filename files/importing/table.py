"""From rows of cells to a table: its header wherever it stands, its columns by name, the rows that only add up."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from agency.exporting.formulas import FORMULA_STARTS
from files.importing.cells import CodeCell, Column
from files.importing.refusals import FileRefused, RowError, whole_file
from files.importing.spelling import CellRefused, header_parts, is_sum, key, read_code, trimmed

# What a spreadsheet would take for a formula when a cell begins with it; `writing` puts an apostrophe before.
# A header stands among the first lines; titles, dates and remarks may stand above it.
HEADER_LINES = 20
MOST_COLUMNS = 200
_SHOWN = 30
# Who drew up and who examined a list, and when, stands below it.
_FOOT = re.compile("(?:制表|填表|填报|审核|复核|经办|负责|单位负责|打印|导出|统计|报送|说明|备注|注)[^:]{0,6}:.*")


class RawRow(NamedTuple):
    """A row as it stands in the file: its line and its cells; or why it is no row; or `plain`, the text of lines
    from this one on that need not be taken apart.
    """

    line: int
    cells: Sequence[str]
    problem: str = ""
    plain: str = ""


class Row(NamedTuple):
    """A row's cells under the names of a table; or what is wrong with it as a whole, and at which column; or `plain`,
    the text of lines from this one on whose cells are those of the table as they stand.
    """

    line: int
    cells: list[str]
    problem: str = ""
    place: str = ""
    plain: str = ""


@dataclass(frozen=True)
class Wanted:
    """The columns that a kind of file may have: their names by every spelling, those it must have, those of codes."""

    names: Mapping[str, str]
    required: Sequence[str]
    codes: frozenset[str]


@dataclass(frozen=True)
class Heading:
    """A header: its line, and by place the column (None for one that is not known) and the unit of what is below."""

    line: int
    cells: Sequence[str]
    names: Sequence[str | None]
    units: Sequence[str]


@dataclass
class Table:
    """The columns of a file by name, in its order, and its rows one after the other.

    `notes` are sentences about what was left out; they are complete once the rows have been read. `delimiter` stands
    between the cells of a plain line.
    """

    heading: Heading
    names: list[str]
    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)
    delimiter: str = ","


def wanted_of(columns: Mapping[str, Column], known: Mapping[str, str] | None = None) -> Wanted:
    """What a header may say, for columns by name. known: what files call them besides, as `header_parts` writes it;
    "" for what is to be left out.
    """
    names = {spelling: name for name, column in columns.items() for spelling in column.spellings()} | dict(known or {})
    return Wanted(
        {spelling: name for spelling, name in names.items() if name in columns},
        [name for name, column in columns.items() if column.in_header],
        frozenset(name for name, column in columns.items() if isinstance(column.widget, CodeCell)),
    )


# --- The header -----------------------------------------------------------------------------------


def named(cells: Sequence[str], wanted: Wanted) -> list[tuple[str | None, str]]:
    """By place the column that a cell of a header names, and its unit."""
    columns: list[tuple[str | None, str]] = []
    for cell in cells[: MOST_COLUMNS + 1]:
        text, unit = header_parts(cell[:200])
        columns.append((wanted.names.get(text), unit))
    return columns


def find_heading(rows: Iterable[RawRow], wanted: Wanted) -> tuple[Heading, Iterator[RawRow]]:
    """The header among the first lines, and the rows below it.

    FileRefused where there is none with the columns that must be there, or it has one of them twice.
    """
    rest = iter(rows)
    best: Heading | None = None
    for row in _first(rest):
        names = named(row.cells, wanted)
        heading = Heading(row.line, row.cells, [name for name, _unit in names], [unit for _name, unit in names])
        known = set(heading.names)
        if all(name in known for name in wanted.required):
            _check(heading)
            return heading, rest
        if best is None or _known(heading) > _known(best):
            best = heading
    if best is None:
        raise whole_file(_("The file is empty."))
    missing = [name for name in wanted.required if name not in best.names]
    raise FileRefused(*_missing(best, missing), missing=missing, cells=best.cells)


def _first(rest: Iterator[RawRow]) -> Iterator[RawRow]:
    """The lines among which the header stands; one that is no row counts as one without a name."""
    seen = 0
    for row in rest:
        cells = list(row.cells)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells and not row.problem:
            continue
        yield RawRow(row.line, cells)
        seen += 1
        if seen == HEADER_LINES:
            return


def _known(heading: Heading) -> int:
    return sum(name is not None for name in heading.names)


def _check(heading: Heading) -> None:
    if len(heading.names) > MOST_COLUMNS:
        said = _("The header has more than %(most)s columns. Delete those that are not needed.")
        raise whole_file(said % {"most": MOST_COLUMNS}, heading.line)
    known = [name for name in heading.names if name is not None]
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise FileRefused(*(RowError(heading.line, name, _("This column is there twice.")) for name in twice))


def _missing(heading: Heading, missing: Sequence[str]) -> Iterator[RowError]:
    """What keeps a line from being the header. An unknown name is not repeated: in a file without a header it is a
    person's.
    """
    for position, name in enumerate(heading.names, start=1):
        if name is None:
            yield RowError(heading.line, str(position), _("This column is not known here."))
    for name in missing:
        yield RowError(heading.line, name, _("This column is missing."))


# --- The rows below -------------------------------------------------------------------------------


def shaped(
    heading: Heading, rows: Iterator[RawRow], wanted: Wanted, notes: list[str], *, is_padded: bool = False
) -> Table:
    """The table below a header. is_padded: the rows end with their last cell that has something in it."""
    for place, (name, cell) in enumerate(zip(heading.names, heading.cells, strict=False), start=1):
        if name is None and cell.strip():
            said = _("Column %(place)s (%(name)s) is not known here and was left out.")
            notes.append(said % {"place": place, "name": trimmed(cell)[:_SHOWN]})
    names = [name for name in heading.names if name is not None]
    shape = _Shape(heading, wanted, is_padded)
    return Table(heading, names, map(shape.row, _without_foot(rows, shape.width, notes)), notes)


class _Shape:
    """How the rows below a header become rows of a table."""

    def __init__(self, heading: Heading, wanted: Wanted, is_padded: bool) -> None:
        self.width, self.is_padded = len(heading.names), is_padded
        self.first, self.header = heading.cells[0], [key(cell) for cell in heading.cells]
        # The place of each column, whether it has codes, and the unit of its cells.
        self.columns = [
            (place, name in wanted.codes, heading.units[place])
            for place, name in enumerate(heading.names)
            if name is not None
        ]

    def row(self, row: RawRow) -> Row:
        """The cells of the known columns; or why the row is none."""
        if row.plain:
            return Row(row.line, [], "", "", row.plain)
        if row.problem:
            return Row(row.line, [], row.problem)
        cells = self._fitted(row.cells)
        if len(cells) != self.width:
            reason = _("The row has %(found)s cells; the header has %(wanted)s.")
            where = str(min(len(cells), self.width) + 1)
            return Row(row.line, [], reason % {"found": len(cells), "wanted": self.width}, where)
        if cells[0] == self.first and [key(cell) for cell in cells] == self.header:
            return Row(row.line, [], _("This line repeats the header. Delete it."), "1")
        return Row(row.line, [_cell(trimmed(cells[place]), is_code, unit) for place, is_code, unit in self.columns])

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        """Without empty cells beyond the header, and with those that a workbook leaves out."""
        if len(cells) > self.width and not any(cell.strip() for cell in cells[self.width :]):
            return cells[: self.width]
        if self.is_padded and len(cells) < self.width:
            return [*cells, *[""] * (self.width - len(cells))]
        return cells


def _without_foot(rows: Iterable[RawRow], width: int, notes: list[str]) -> Iterator[RawRow]:
    """The rows with something in them, without those at the end that add up or sign what stands above."""
    held: list[RawRow] = []
    for row in rows:
        if row.plain and not held:
            yield row
            continue
        if not row.plain and not row.problem and not any(cell.strip() for cell in row.cells):
            continue
        if not row.plain and not row.problem and len(held) < HEADER_LINES and _is_foot(row.cells, width):
            held.append(row)
            continue
        yield from held
        held = []
        yield row
    if held:
        lines = ", ".join(str(row.line) for row in held)
        notes.append(_("Lines at the end that only add up or sign were left out: %(lines)s.") % {"lines": lines})


def _is_foot(cells: Sequence[str], width: int) -> bool:
    """Whether a row adds up those above it or signs them; such a one has cells with nothing in them."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) >= width:
        return False
    return any(is_sum(cell) for cell in filled[:3] if len(cell) < 20) or bool(_FOOT.fullmatch(key(filled[0][:200])))


def _cell(text: str, is_code: bool, unit: str) -> str:
    text = unescaped(text)
    if is_code:
        try:
            return read_code(text)
        except CellRefused:
            # Said when the row is read.
            return text
    return f"{text}{unit}" if unit and text and not key(text).endswith((unit, "元", "万", "%")) else text


def unescaped(cell: str) -> str:
    """The cell without the apostrophe that an export puts before what a spreadsheet would take for a formula."""
    is_escaped = cell.startswith("'") and cell[1:].removeprefix("'").startswith(FORMULA_STARTS)
    return cell[1:] if is_escaped else cell
