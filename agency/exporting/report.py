"""Reports as workbooks made for printing: a sheet a table, on A4, with titles, page numbers and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from agency.exporting.sheet import Kind, Sheet
from agency.exporting.workbook import A4, formats_of, open_workbook, width_of, write_cell

ADDED_UP = (Kind.YUAN, Kind.NUMBER)
# Title, what it is about, what is counted, the headings; rows begin below.
_HEADINGS_LINE = 3
# More columns need the longer side of the paper.
_UPRIGHT_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a report, whose rows are few; note: what is counted. adds_up: whether the line of sums is there."""

    sheet: Sheet
    note: str
    adds_up: bool = True


def write_report(file: IO[bytes], about: str, parts: Sequence[Part], *, together: str, foot: str) -> None:
    """about: below every title. together: what the line of sums is called. foot: beside the page numbers."""
    book = open_workbook(file)
    for number, part in enumerate(parts, start=1):
        _write_part(book, book.add_worksheet(f"{number}"), part, about, together=together, foot=foot)
    book.close()


def _write_part(book: Workbook, page: Worksheet, part: Part, about: str, *, together: str, foot: str) -> None:
    sheet, rows = part.sheet, [list(row) for row in part.sheet.rows]
    _set_up(page, sheet, foot)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 16}))
    page.write_string(1, 0, about, book.add_format({"bold": True}))
    page.write_string(2, 0, part.note, book.add_format({"italic": True}))
    named = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    for place, heading in enumerate(sheet.headings):
        page.write_string(_HEADINGS_LINE, place, heading.text, named)
    looks, sums = formats_of(book, border=1), formats_of(book, border=1, bold=True)
    for line, row in enumerate(rows, start=_HEADINGS_LINE + 1):
        for place, (cell, heading) in enumerate(zip(row, sheet.headings, strict=True)):
            write_cell(page, line, place, cell, looks[heading.kind])
    first, below = _HEADINGS_LINE + 1, _HEADINGS_LINE + 1 + len(rows)
    for place, heading in enumerate(sheet.headings) if part.adds_up else ():
        if heading.kind in ADDED_UP:
            total = sum((Decimal(row[place] or 0) for row in rows), Decimal(0))  # type: ignore[arg-type]
            # Whoever changes a figure sees the sum follow; whoever only looks needs it calculated.
            formula = f"=SUM({xl_range(first, place, below - 1, place)})" if rows else "=0"
            page.write_formula(below, place, formula, sums[heading.kind], total)
        else:
            page.write_string(below, place, "" if place else together, sums[Kind.TEXT])


def _set_up(page: Worksheet, sheet: Sheet, foot: str) -> None:
    for place, heading in enumerate(sheet.headings):
        page.set_column(place, place, width_of(heading.kind))
    page.set_paper(A4)
    if len(sheet.headings) > _UPRIGHT_COLUMNS:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    page.repeat_rows(_HEADINGS_LINE)
    page.freeze_panes(_HEADINGS_LINE + 1, 0)
    page.set_footer(f"&L{foot.replace('&', '&&')}&R&P / &N")
