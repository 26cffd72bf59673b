"""The plain form of cells: how machines write them, so that a line or the database can tell without reading further.

A cell in its column's plain form means what `value` says in SQL, and `Column.clean` says the same of it. Every other
spelling is read by `Column.clean` alone.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from files.importing.cells import AmountCell, CodeCell, Column, DayCell, MonthCell, NumberCell
from files.importing.table import Heading

_YEAR = "(?:19|20|21)[0-9]{2}"
_MONTH = "(?:0[1-9]|1[0-2])"
# Each day that its month has in every year.
_DAY = "(?:" + _MONTH + "-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
# What cells of a column that is not known here are like where their row is surely no sum and no signature below the
# others: no 计, no "total", a colon only in a time. All of a line together stay below `lines.LONGEST_LINE`.
_UNKNOWN = (
    "(?:[0-9 :/.-]{{0,{longest}}}|(?! *(?:[Ss] *[Uu] *[Bb] *)?[Tt] *[Oo] *[Tt])"
    "[ !#-&(-+\\--9<-~\u00b7\u3001\u3002\u4e00-\u8ba0\u8ba2-\u9fff\uff08\uff09\uff0c]{{0,{longest}}})"
)
_ALL_UNKNOWN = 8_000


class PlainForm(NamedTuple):
    """A pattern that Python and PostgreSQL read alike ("" where no form is plain), the SQL type of the column's values,
    and the SQL of the value, where {} stands for the cell.
    """

    pattern: str = ""
    type: str = "text"
    value: str = "{}"


def _of_code(cell: CodeCell) -> PlainForm:
    # With a digit, so that it is no word of a header or of a sum.
    rest = min(cell.longest, 64) - 4
    return PlainForm(f"[A-Za-z]{{0,3}}[0-9][0-9A-Za-z_/-]{{0,{rest}}}") if rest >= 0 else PlainForm()


def _of_number(cell: NumberCell) -> PlainForm:
    places = f"(?:\\.[0-9]{{1,{cell.places}}})?" if cell.places else ""
    form = PlainForm(f"[1-9][0-9]{{0,{cell.digits - 1}}}{places}", "numeric", "{}::numeric")
    return form if cell.most is None else form._replace(pattern="")


# By the very class: one that is made from these may refuse more.
_FORMS: Mapping[type, Callable[[Any], PlainForm]] = {
    CodeCell: _of_code,
    NumberCell: _of_number,
    AmountCell: _of_number,
    MonthCell: lambda cell: PlainForm(f"{_YEAR}-{_MONTH}", "date", "({} || '-01')::date"),
    DayCell: lambda cell: PlainForm(f"{_YEAR}-{_DAY}", "date", "{}::date"),
}


def plain_form(column: Column) -> PlainForm:
    """The plain form of a column's cells."""
    form = _FORMS.get(type(column.widget)) if type(column) is Column else None
    return form(column.widget) if form is not None else PlainForm()


def plain_lines(heading: Heading, delimiter: str, columns: Mapping[str, Column]) -> "re.Pattern[str] | None":
    """What lines below the header are like whose cells are all plain; None where no line can be.

    No unit has to be put behind a cell, and no cell but one with a default is empty, so that each line is a row as it
    stands, once columns that are not known here are left out (`known_cells`).
    """
    placed = [columns.get(name or "") for name in heading.names]
    known = [column for column in placed if column is not None]
    if any(unit for column, unit in zip(placed, heading.units, strict=False) if column is not None):
        return None
    if not all(plain_form(column).pattern for column in known):
        return None
    if all(column.empty is not Column.NEEDED for column in known):
        return None
    unknown = _UNKNOWN.format(longest=_ALL_UNKNOWN // len(placed))
    line = re.escape(delimiter).join(unknown if column is None else _cell(column) for column in placed)
    if re.fullmatch(line, delimiter.join(heading.cells)):
        # A header that is repeated further down would be taken for a row.
        return None
    # Atomic, so that nothing is remembered of the lines before.
    return re.compile(f"(?>(?:{line}\n)++)")


def _cell(column: Column) -> str:
    form = plain_form(column).pattern
    return form if column.empty is Column.NEEDED else f"(?:{form})?"


def known_cells(heading: Heading, delimiter: str) -> Callable[[str], str] | None:
    """What leaves the columns that are not known here out of plain lines; None where all are known."""
    if None not in heading.names:
        return None
    places = [place for place, name in enumerate(heading.names) if name is not None]

    def known(text: str) -> str:
        lines = [line.split(delimiter) for line in text.split("\n")[:-1]]
        return "".join([delimiter.join([cells[place] for place in places]) + "\n" for cells in lines])

    return known
