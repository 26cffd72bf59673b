"""A table as a CSV or XLSX file that a spreadsheet opens without running anything in it, with flat memory."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import IO, Any

from django.utils.timezone import localtime

from agency.exporting.formulas import escaped
from agency.exporting.sheet import Cell, Kind, Sheet
from agency.exporting.workbook import write_workbook

CSV, XLSX = "csv", "xlsx"
PIECE = 64 * 1024
CONTENT_TYPES: Mapping[str, str] = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Whoever waits hears after so many rows how far it is.
TOLD_EVERY = 5_000


def write_csv(sheet: Sheet, file: IO[bytes], tell: Callable[[int], None]) -> int:
    """UTF-8 with a byte order mark, which spreadsheets need to show Chinese; days and months as ISO 8601 has them,
    fractions as fractions. Returns how many rows.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    # Decimals, whole numbers and days write themselves.
    written = [(place, _MONTH_OR_INSTANT.get(heading.kind, _neutral)) for place, heading in _to_be_written(sheet)]
    writer.writerow([escaped(heading.text) for heading in sheet.headings])
    file.write(BOM_UTF8)
    count = 0
    for row in sheet.rows:
        cells: list[Any] = list(row)
        for place, write in written:
            cells[place] = write(cells[place])
        writer.writerow(cells)
        count += 1
        if not count % TOLD_EVERY:
            tell(count)
        if buffer.tell() > PIECE:
            file.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    file.write(buffer.getvalue().encode())
    return count


def _to_be_written(sheet: Sheet) -> list[tuple[int, Any]]:
    kinds = (Kind.TEXT, Kind.MONTH, Kind.INSTANT)
    return [(place, heading) for place, heading in enumerate(sheet.headings) if heading.kind in kinds]


def _neutral(cell: Cell) -> Cell:
    # No formula begins with a letter or a figure, as nearly every text does.
    return escaped(cell) if isinstance(cell, str) and not cell[:1].isalnum() else cell


def _month(cell: Cell) -> Cell:
    return cell.isoformat()[:7] if isinstance(cell, date) else cell


def _instant(cell: Cell) -> Cell:
    return f"{localtime(cell):%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


_MONTH_OR_INSTANT: Mapping[Kind, Callable[[Cell], Cell]] = {Kind.MONTH: _month, Kind.INSTANT: _instant}


def write_xlsx(sheet: Sheet, file: IO[bytes], tell: Callable[[int], None]) -> int:
    """Numbers and days as cells of their own kind, texts as texts and never as formulas. Returns how many rows."""
    return write_workbook(sheet, file, tell, told_every=TOLD_EVERY)


WRITERS: Mapping[str, Callable[[Sheet, IO[bytes], Callable[[int], None]], int]] = {CSV: write_csv, XLSX: write_xlsx}


def says_nothing(done: int) -> None:
    """For whoever does not wait."""
