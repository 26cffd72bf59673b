"""From bytes to rows, whatever the format: the one door for imports, files of settlements and banks' answers."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

import tablib
from django.conf import settings
from django.utils.translation import gettext as _

from files.importing.cells import Column
from files.importing.encoding import decode, refuse_no_table, voted_encoding, wide_encoding
from files.importing.lines import LONGEST_LINE, quoted_rows, single_rows
from files.importing.refusals import RowError, whole_file
from files.importing.table import Heading, Table, Wanted, find_heading, shaped, wanted_of
from files.importing.workbook import STARTS, read_workbook

MAX_BYTES: int = settings.UPLOAD_MEGABYTES["table"] * 1024 * 1024
_HEAD = 4096


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
def opened_table(content: IO[bytes], wanted: Wanted) -> Iterator[Table]:
    """The table of a file of any size, row by row: a line that is damaged spoils itself and no other.

    The content stays open. FileRefused as for `read_sheet`, without a bound for the size of a CSV file.
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
        heading, rest = find_heading(single_rows(text, wanted), wanted)
        yield shaped(heading, rest, wanted, [])
    finally:
        # Closing the text would close the content, which belongs to the caller.
        text.detach()


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while line := content.readline(LONGEST_LINE):
        yield line
