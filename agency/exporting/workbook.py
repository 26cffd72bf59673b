"""XLSX workbooks: long tables with flat memory, and reports made for printing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.utils.timezone import localtime
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agency.exporting.sheet import Cell, Heading, Kind, Sheet

# A worksheet ends after 1,048,576 lines, the first of which names the columns.
ROWS_A_SHEET = 1_000_000
# More does not fit into a cell.
LONGEST_TEXT = 32_767
FORMATS: Mapping[Kind, str] = {
    Kind.YUAN: "#,##0.00",
    Kind.PERCENT: "0.00%",
    Kind.NUMBER: "#,##0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
    Kind.MONTH: "yyyy-mm",
}
WIDTHS: Mapping[Kind, int] = {Kind.TEXT: 22, Kind.YUAN: 16, Kind.INSTANT: 17}
_OTHER_WIDTH = 12
A4 = 9


def width_of(kind: Kind) -> int:
    """Of a column, in digits."""
    return WIDTHS.get(kind, _OTHER_WIDTH)


def open_workbook(file: IO[bytes]) -> Workbook:
    """A workbook that keeps one row in memory and calculates nothing."""
    return Workbook(file, {"constant_memory": True, "default_date_format": FORMATS[Kind.DAY]})


def formats_of(book: Workbook, **looks: Any) -> dict[Kind, Format]:
    """A format for each kind of cell, with these looks besides."""
    return {kind: book.add_format({"num_format": FORMATS.get(kind, "General"), **looks}) for kind in Kind}


def write_cell(page: Worksheet, row: int, place: int, cell: Cell, look: Format) -> None:
    """A value as a cell of its own kind; a text is never a formula."""
    if cell is None:
        page.write_blank(row, place, None, look)
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, localtime(cell).replace(tzinfo=None), look)
    elif isinstance(cell, date):
        page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), look)  # noqa: DTZ001 - a day.
    elif isinstance(cell, Decimal | int):
        page.write_number(row, place, cell, look)
    else:
        page.write_string(row, place, cell[:LONGEST_TEXT], look)


def write_workbook(sheet: Sheet, file: IO[bytes], tell: Callable[[int], None], *, told_every: int) -> int:
    """A table with its headings kept in view; goes on in a next sheet where one is full. Returns how many rows."""
    book = open_workbook(file)
    looks = formats_of(book)
    bold = book.add_format({"bold": True, "bottom": 1})
    kinds = [looks[heading.kind] for heading in sheet.headings]
    rows, count, filled = iter(sheet.rows), 0, ROWS_A_SHEET
    while filled == ROWS_A_SHEET:
        page = _begun(book, sheet.headings, bold)
        filled = 0
        for filled, row in enumerate(islice(rows, ROWS_A_SHEET), start=1):
            for place, (cell, look) in enumerate(zip(row, kinds, strict=True)):
                if cell is not None:
                    write_cell(page, filled, place, cell, look)
            count += 1
            if not count % told_every:
                tell(count)
    book.close()
    return count


def _begun(book: Workbook, headings: Sequence[Heading], bold: Format) -> Worksheet:
    page = book.add_worksheet()
    for place, heading in enumerate(headings):
        page.set_column(place, place, width_of(heading.kind))
        page.write_string(0, place, heading.text, bold)
    page.freeze_panes(1, 0)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C&P / &N")
    return page
