"""From bytes to rows, whatever the format: the one door for imports, files of settlements and banks' answers."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import IO, TextIO

import tablib
from django.conf import settings
from django.utils.translation import gettext as _

from files.importing.cells import Column
from files.importing.encoding import decode, refuse_no_table, voted_encoding, wide_encoding
from files.importing.lines import LONGEST_LINE, SingleRows, quoted_rows
from files.importing.plain import known_cells, plain_lines
from files.importing.refusals import RowError, whole_file
from files.importing.table import Heading, Table, Wanted, find_heading, shaped, wanted_of
from files.importing.workbook import STARTS, read_workbook

MAX_BYTES: int = settings.UPLOAD_MEGABYTES["table"] * 1024 * 1024
_HEAD = 4096
_PIECE = 1024 * 1024


class Sheet(tablib.Dataset):
    """The rows of a file under the names of our columns. `lines` has the line each row begins in; `errors` the rows
    that have too many or too few cells, which are not among the rows; `total` counts both. `notes` says what was left
    out. `heading` is the file's header.
    """

    heading: Heading

    def __init__(self, headers: Sequence[str]) -> None:
        """An empty sheet with these columns."""
        super().__init__(headers=headers)
        self.lines: list[int] = []
        self.errors: list[RowError] = []
        self.notes: list[str] = []

    @property
    def total(self) -> int:
        """Rows of the file below its header, wrong ones too."""
        return len(self.lines) + len(self.errors)


def read_sheet(content: bytes, columns: Mapping[str, Column], known: Mapping[str, str] | None = None) -> Sheet:
    """The rows of a file with a header: CSV (comma, semicolon or tab), XLSX or XLS. known: as of `wanted_of`.

    FileRefused where it is none of these, its encoding, header or quoting is wrong, or there is nothing in it.
    """
    table = _whole_table(content, wanted_of(columns, known))
    sheet = Sheet(table.names)
    sheet.heading = table.heading
    for row in table.rows:
        if row.problem:
            sheet.errors.append(RowError(row.line, row.place, row.problem))
        else:
            sheet.append(row.cells)
            sheet.lines.append(row.line)
    if not sheet.total:
        raise whole_file(_("The file has a header and no rows."))
    sheet.notes = table.notes
    return sheet


def _whole_table(content: bytes, wanted: Wanted) -> Table:
    if len(content) > MAX_BYTES:
        raise whole_file(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024**2})
    if content.startswith(STARTS):
        return read_workbook(io.BytesIO(content), wanted)
    refuse_no_table(content[:_HEAD])
    heading, rest = find_heading(quoted_rows(decode(content), wanted), wanted)
    return shaped(heading, rest, wanted, [])


@contextmanager
def opened_table(
    content: IO[bytes], wanted: Wanted, columns: Mapping[str, Column] = MappingProxyType({})
) -> Iterator[Table]:
    """The table of a file of any size, row by row: a line that is damaged spoils itself and no other.

    columns: those wanted, where plain lines may come as they stand. The content stays open. FileRefused as for
    `read_sheet`, without a bound for the size of a CSV file.
    """
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(STARTS):
        yield read_workbook(content, wanted)
        return
    refuse_no_table(head)
    encoding = wide_encoding(head) or voted_encoding(_pieces(content))
    content.seek(0)
    text = io.TextIOWrapper(content, encoding=encoding, errors="replace", newline=None)
    try:
        yield _line_table(text, wanted, columns)
    finally:
        # Closing the text would close the content, which belongs to the caller.
        text.detach()


def _line_table(text: TextIO, wanted: Wanted, columns: Mapping[str, Column]) -> Table:
    rows = SingleRows(text, wanted)
    heading, rest = find_heading(rows, wanted)
    table = shaped(heading, rest, wanted, [])
    table.delimiter = rows.delimiter
    rows.plain = plain_lines(heading, rows.delimiter, columns)
    known = known_cells(heading, rows.delimiter)
    if known is not None:
        table.rows = (row._replace(plain=known(row.plain)) if row.plain else row for row in table.rows)
    return table


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """Whole lines, up to a line more than a piece of them at a time; of a line that is too long the parts."""
    content.seek(0)
    while piece := content.read(_PIECE):
        yield piece + content.readline(LONGEST_LINE)


def count_lines(content: IO[bytes]) -> int:
    """About how many rows a CSV file has, at once; 0 for a workbook."""
    content.seek(0)
    lines, piece = 0, content.read(_PIECE)
    if piece.startswith(STARTS):
        return 0
    while piece:
        lines += piece.count(b"\n")
        piece = content.read(_PIECE)
    return lines


@contextmanager
def opened_sheet(
    content: IO[bytes], columns: Mapping[str, Column], known: Mapping[str, str] | None = None
) -> Iterator[Table]:
    """The table of a file that somebody brings, row by row: what `read_sheet` reads, and a CSV file of any size.

    One larger than `read_sheet` takes is read as by `opened_table`. Lines whose cells are all plain come as they stand.
    """
    content.seek(0, io.SEEK_END)
    wanted, size = wanted_of(columns, known), content.tell()
    content.seek(0)
    head = content.read(_HEAD)
    if size > MAX_BYTES or head.startswith(STARTS):
        with opened_table(content, wanted, columns) as table:
            yield table
        return
    refuse_no_table(head)
    text = decode(head + content.read())
    if '"' in text:
        heading, rest = find_heading(quoted_rows(text, wanted), wanted)
        yield shaped(heading, rest, wanted, [])
    else:
        yield _line_table(io.StringIO(text, newline=None), wanted, columns)
