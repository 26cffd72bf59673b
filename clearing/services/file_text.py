"""A file of direct settlements as rows, line by line: never more of it in memory than one line."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from agency.importing.reading import unescaped
from clearing.selectors.settled_rows import COLUMNS, header_names

# More than the longest row of all fields of the platform; what is longer is no row.
LONGEST_LINE = 16_384
# What a broken encoding leaves behind, and signs that no text has.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


class HeaderRefused(DomainError):
    """The first line does not name the columns; nothing of the file can be read."""


class Header(NamedTuple):
    """The column of each cell, None for one that is passed over, and the line it stands in."""

    names: list[str | None]
    line: int


class FileRow(NamedTuple):
    """A row with the line it stands in: its cells by column, those that are empty left out; or why it is no row."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def encoding_of(content: IO[bytes]) -> str:
    """UTF-8, or GB18030 where more lines are not UTF-8 than are; lines of plain digits and letters say neither.

    One line that was damaged does not make the others unreadable.
    """
    content.seek(0)
    votes = 0
    while line := content.readline(LONGEST_LINE):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            votes -= 1
        else:
            votes += 1
    content.seek(0)
    return "utf-8" if votes >= 0 else "gb18030"


def read_rows(content: IO[bytes]) -> tuple[Header, Iterator[FileRow], TextIOWrapper]:
    """The header, the rows below it one after the other, and the text that they are read from.

    Closing the text closes the content. A cell holds no line break, so a quotation mark that is missing spoils one row
    and no other. HeaderRefused without the columns that have to be there.
    """
    text = TextIOWrapper(content, encoding=encoding_of(content), errors="replace", newline=None)
    lines = _lines(text)
    for line, written in lines:
        # A spreadsheet's mark of UTF-8.
        cells = _cells(written.removeprefix(BOM_UTF8.decode()))
        if cells is None or any(cells):
            names = _named(cells or [])
            return Header(names, line), _rows(lines, names), text
    raise HeaderRefused(_("The file is empty."))


def _lines(text: TextIOWrapper) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1; of one that is too long only a part that is too long still."""
    number = 0
    while written := text.readline(LONGEST_LINE):
        number += 1
        rest = written
        while rest and not rest.endswith("\n"):
            rest = text.readline(LONGEST_LINE)
        yield number, written


def _cells(written: str) -> list[str] | None:
    """The cells of a line, None where its quotation marks do not match."""
    try:
        (cells,) = csv.reader([written], strict=True)
    except csv.Error:
        return None
    return [cell.strip() for cell in cells]


def _named(cells: list[str]) -> list[str | None]:
    known = header_names()
    names = [known.get(cell.lower()) for cell in cells]
    found = [name for name in names if name is not None]
    missing = [name for name, column in COLUMNS.items() if column.in_header and name not in found]
    if missing:
        raise HeaderRefused(_("The file has no column %(columns)s.") % {"columns": ", ".join(missing)})
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise HeaderRefused(_("The file has the column %(columns)s twice.") % {"columns": ", ".join(twice)})
    return names


def _rows(lines: Iterator[tuple[int, str]], names: list[str | None]) -> Iterator[FileRow]:
    for line, written in lines:
        if written.strip():
            yield _row(line, written, names)


def _row(line: int, written: str, names: list[str | None]) -> FileRow:
    if len(written) >= LONGEST_LINE:
        return FileRow(line, {}, _("This line is longer than any row."))
    if _UNREADABLE.search(written):
        return FileRow(line, {}, _("The file is neither UTF-8 nor GB18030 in this line. Write the line anew."))
    cells = _cells(written)
    if cells is None:
        return FileRow(line, {}, _("The quotation marks of this line do not match."))
    if len(cells) != len(names):
        reason = _("The row has %(found)s cells; the header has %(wanted)s.")
        return FileRow(line, {}, reason % {"found": len(cells), "wanted": len(names)})
    found = zip(names, cells, strict=True)
    return FileRow(line, {name: unescaped(cell) for name, cell in found if name is not None and cell})
