"""Rows of text: as a spreadsheet quotes them, or each line for itself."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TextIO

from django.utils.translation import gettext as _

from files.importing.refusals import whole_file
from files.importing.table import HEADER_LINES, RawRow, Wanted, named

# More than the longest row of all fields of the platform; what is longer is no row.
LONGEST_LINE = 16_384
_DELIMITERS = ",\t;"
# What a broken encoding leaves behind, and signs that no text has.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


def quoted_rows(text: str, wanted: Wanted) -> Iterator[RawRow]:
    """The rows of a text whose quoted cells may have line breaks. FileRefused at a quotation mark that has no match."""
    delimiter = _delimiter(text[: HEADER_LINES * LONGEST_LINE].splitlines(keepends=True)[: HEADER_LINES * 2], wanted)
    # The lines are an editor's lines: other characters that Python would split at are data.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            yield RawRow(line, cells)
    except csv.Error as error:
        raise whole_file(_("The quotation marks of this line do not match."), begins) from error


def single_rows(text: TextIO, wanted: Wanted) -> Iterator[RawRow]:
    """The rows of a text line by line, never more of it in memory than one line.

    A cell holds no line break, so a quotation mark that is missing spoils one row and no other.
    """
    lines = _numbered(text)
    head = list(islice(lines, HEADER_LINES))
    delimiter = _delimiter([written for _line, written in head], wanted)
    for line, written in chain(head, lines):
        if written.strip():
            yield _row(line, written, delimiter)


def _delimiter(lines: Iterable[str], wanted: Wanted) -> str:
    """The sign with which some line names the most columns; a comma where none does it better."""

    def known(delimiter: str) -> int:
        most = 0
        rows = csv.reader(lines, delimiter=delimiter)
        try:
            for cells in islice(rows, HEADER_LINES):
                most = max(most, sum(name is not None for name, _unit in named(cells, wanted)))
        except csv.Error:
            return most
        return most

    return max(_DELIMITERS, key=known)


def _numbered(text: TextIO) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1; of one that is too long only a part that is too long still."""
    number = 0
    while written := text.readline(LONGEST_LINE):
        number += 1
        rest = written
        while rest and not rest.endswith("\n"):
            rest = text.readline(LONGEST_LINE)
        # A spreadsheet's mark of UTF-8.
        yield number, written.removeprefix("\ufeff") if number == 1 else written


def _row(line: int, written: str, delimiter: str) -> RawRow:
    if len(written) >= LONGEST_LINE:
        return RawRow(line, [], _("This line is longer than any row."))
    if _UNREADABLE.search(written):
        return RawRow(line, [], _("The file is neither UTF-8 nor GB18030 in this line. Write the line anew."))
    try:
        (cells,) = csv.reader([written], delimiter=delimiter, strict=True)
    except csv.Error:
        return RawRow(line, [], _("The quotation marks of this line do not match."))
    return RawRow(line, cells)
