"""From rows to files that a spreadsheet opens without running anything in them: CSV, and workbooks."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agency.exporting.formulas import escaped

PIECE = 64 * 1024
Cell = str | date | Decimal
# What a workbook allows: in the name of a sheet, in a list of choices, as the last row.
_SHEET_NAME, _NOT_IN_NAMES = 31, re.compile(r"[\[\]:*?/\\]|^'|'$")
_CHOICES, _LAST_ROW = 255, 1_048_575
_WIDEST = 40


def csv_stream(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A CSV file piece by piece: UTF-8 with a byte order mark, which spreadsheets need to show Chinese."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headers)
    yield BOM_UTF8
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same in one piece."""
    return b"".join(csv_stream(headers, rows))


class Holds(Enum):
    """What a column of a workbook holds; its value is the number format of the cells, also of those still empty."""

    TEXT = "@"
    DAY = "yyyy-mm-dd"
    AMOUNT = "0.00"
    NUMBER = "General"


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook: its name, its header and its rows, what each column holds, and by a column's place the
    texts that a cell offers to choose from.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    holds: Sequence[Holds]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def workbook_bytes(parts: Sequence[Part]) -> bytes:
    """An XLSX workbook of these sheets. Days and numbers are real ones; every text stays a text, codes with their zeros
    and what looks like a formula as well.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {holds: workbook.add_format({"num_format": holds.value}) for holds in Holds}
        for part in parts:
            sheet = workbook.add_worksheet(_NOT_IN_NAMES.sub(" ", part.name)[:_SHEET_NAME].strip())
            sheet.freeze_panes(1, 0)
            width = [len(header.encode("gb18030")) for header in part.headers]
            for place, header in enumerate(part.headers):
                sheet.write_string(0, place, header, heading)
            for line, row in enumerate(part.rows, start=1):
                for place, cell in enumerate(row):
                    _write(sheet, line, place, cell, formats[part.holds[place]])
                    width[place] = max(width[place], len(str(cell).encode("gb18030")))
            for place, holds in enumerate(part.holds):
                sheet.set_column(place, place, min(width[place] + 2, _WIDEST), formats[holds])
            for place, choices in part.choices.items():
                _offer(sheet, place, choices)
    return content.getvalue()


def _write(sheet: Worksheet, line: int, place: int, cell: Cell, cell_format: Format) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(line, place, cell, cell_format)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, datetime.combine(cell, time.min), cell_format)
    else:
        sheet.write_string(line, place, cell, cell_format)


def _offer(sheet: Worksheet, place: int, choices: Sequence[str]) -> None:
    """Let the cells of a column offer these texts, where a workbook has room for them; others are not refused."""
    if len(",".join(choices)) <= _CHOICES and not any("," in each for each in choices):
        listed = {"validate": "list", "source": list(choices), "error_type": "information"}
        sheet.data_validation(1, place, _LAST_ROW, place, listed)
