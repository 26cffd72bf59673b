"""Workbooks that somebody fills in: cells that keep what is typed as it is meant, and offer what may be chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from xlsxwriter.worksheet import Worksheet

from agency.exporting.sheet import Cell, Kind, Sheet
from agency.exporting.workbook import open_workbook, write_cell

# Of the cells of a column, also of those still empty: a code keeps its zeros, and a number all its decimals.
_TYPED: Mapping[Kind, str] = {Kind.TEXT: "@", Kind.DAY: "yyyy-mm-dd", Kind.YUAN: "0.00"}
# What a workbook allows: in the name of a sheet, in a list of choices, as the last row.
_SHEET_NAME, _NOT_IN_NAMES = 31, re.compile(r"[\[\]:*?/\\]|^'|'$")
_CHOICES, _LAST_ROW = 255, 1_048_575
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Blank:
    """A sheet to be filled in, whose rows are few; its title is its name. choices: by a column's place the texts that a
    cell offers.
    """

    sheet: Sheet
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def write_blanks(file: IO[bytes], blanks: Sequence[Blank]) -> None:
    """A workbook of these sheets. Days and numbers are real ones; every text stays a text, what looks like a formula as
    well.
    """
    book = open_workbook(file)
    named = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    looks = {kind: book.add_format({"num_format": _TYPED.get(kind, "General")}) for kind in Kind}
    for blank in blanks:
        sheet = blank.sheet
        page = book.add_worksheet(_NOT_IN_NAMES.sub(" ", sheet.title)[:_SHEET_NAME].strip())
        page.freeze_panes(1, 0)
        rows = [list(row) for row in sheet.rows]
        for place, heading in enumerate(sheet.headings):
            written = [heading.text, *(row[place] for row in rows if place < len(row))]
            page.set_column(place, place, _width(written), looks[heading.kind])
            page.write_string(0, place, heading.text, named)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                write_cell(page, line, place, cell, looks[sheet.headings[place].kind])
        for place, choices in blank.choices.items():
            _offer(page, place, choices)
    book.close()


def _width(written: Sequence[Cell]) -> int:
    """Of a column, in digits, of which a Chinese character has two."""
    return min(max(len(str(cell).encode("gb18030")) for cell in written) + 2, _WIDEST)


def _offer(page: Worksheet, place: int, choices: Sequence[str]) -> None:
    """Let the cells of a column offer these texts, where a workbook has room for them; others are not refused."""
    if len(",".join(choices)) <= _CHOICES and not any("," in each for each in choices):
        listed = {"validate": "list", "source": list(choices), "error_type": "information"}
        page.data_validation(1, place, _LAST_ROW, place, listed)
