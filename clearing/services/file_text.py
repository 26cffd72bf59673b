"""A file of direct settlements as rows, line by line: never more of it in memory than one line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from clearing.selectors.file_rows import COLUMNS
from files.importing.reading import opened_table
from files.importing.refusals import FileRefused
from files.importing.table import Table, wanted_of
from files.services.import_runs import known_headings

# The kind of file.
KIND = "direct_settlements"


class HeaderRefused(DomainError):
    """Nothing of the file can be read: no line names the columns, or it is no table at all."""


class FileRow(NamedTuple):
    """A row with the line it stands in: its cells by column, those that are empty left out; or why it is no row."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class FileRows:
    """The rows of a file one after the other; `notes` says, once they are read, what of the file was passed over."""

    rows: Iterator[FileRow]
    notes: list[str]


def headings_known_in(region_id: int) -> Mapping[str, str]:
    """What the region's files of direct settlements call the columns besides."""
    return known_headings(region_id, KIND)


@contextmanager
def opened_rows(content: IO[bytes], known: Mapping[str, str]) -> Iterator[FileRows]:
    """The rows below the header. known: as of `wanted_of`. HeaderRefused without the columns that have to be there."""
    try:
        with opened_table(content, wanted_of(COLUMNS, known)) as table:
            yield FileRows(rows_of(table), table.notes)
    except FileRefused as refusal:
        raise HeaderRefused(_sentence(refusal)) from refusal


def rows_of(table: Table) -> Iterator[FileRow]:
    """The rows of a table whose columns are those of `COLUMNS`."""
    for row in table.rows:
        cells = zip(table.names, row.cells, strict=False)
        yield FileRow(row.line, {name: cell for name, cell in cells if cell}, row.problem)


def _sentence(refusal: FileRefused) -> str:
    if refusal.missing:
        return _("The file has no column %(columns)s.") % {"columns": ", ".join(refusal.missing)}
    return " ".join(error.reason if error.column == "1" else str(error) for error in refusal.errors)
