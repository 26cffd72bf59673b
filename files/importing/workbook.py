"""Rows of XLSX and XLS workbooks, sheet by sheet, as a bounded process of its own reads them (`workbook_child`)."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from files.importing.refusals import FileRefused, whole_file
from files.importing.table import RawRow, Table, Wanted, find_heading, shaped

STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
MAX_BYTES: int = settings.UPLOAD_MEGABYTES["table"] * 1024 * 1024
_CHILD = Path(__file__).with_name("workbook_child.py")
_PIECE = 1024 * 1024
Sheets = Iterator[tuple[str, Iterator[RawRow]]]


def read_workbook(content: IO[bytes], wanted: Wanted) -> Table:
    """The first visible sheet with a header that has the columns wanted; another one is named among the notes.

    FileRefused for a workbook without such a sheet, and for one that cannot be read within the bounds.
    """
    sheets = _sheets(content)
    refusal: FileRefused | None = None
    for name, rows in sheets:
        try:
            heading, rest = find_heading(rows, wanted)
        except FileRefused as error:
            refusal = refusal or error
            continue
        notes: list[str] = []
        return shaped(heading, _then_others(rest, name, sheets, wanted, notes), wanted, notes, is_padded=True)
    raise refusal or whole_file(_("The workbook has no sheet with anything in it."))


def _then_others(
    rows: Iterator[RawRow], name: str, sheets: Sheets, wanted: Wanted, notes: list[str]
) -> Iterator[RawRow]:
    yield from rows
    for other, others in sheets:
        try:
            find_heading(others, wanted)
        except FileRefused:
            continue
        said = _(
            "Only the sheet “%(read)s” was read. “%(other)s” has these columns, too: bring it as a file of its own."
        )
        notes.append(said % {"read": name, "other": other})


def _sheets(content: IO[bytes]) -> Sheets:
    """Each sheet's name and rows; the rows of one are passed over once the next is asked for."""
    with tempfile.TemporaryFile() as book:
        _copy(content, book)
        book.seek(0)
        command = [sys.executable, "-I", "-X", "utf8", str(_CHILD)]
        with subprocess.Popen(
            command, stdin=book, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        ) as child:
            try:
                yield from _read(child)
            finally:
                child.kill()


def _copy(content: IO[bytes], book: IO[bytes]) -> None:
    size = 0
    content.seek(0)
    while piece := content.read(_PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            said = _("The workbook is larger than %(size)s MB. Save its sheet as CSV.")
            raise whole_file(said % {"size": MAX_BYTES // 1024**2})
        book.write(piece)


def _read(child: "subprocess.Popen[str]") -> Sheets:
    messages = (json.loads(line) for line in child.stdout or ())
    ending: list[str] = []
    ahead: list[str] = []

    def rows() -> Iterator[RawRow]:
        for first, second in messages:
            if first == "sheet":
                ahead.append(second)
                return
            if first == "end":
                ending.append(second)
                return
            yield RawRow(first, second)

    current = rows()
    while not ending:
        for _row in current:
            pass
        if ahead:
            current = rows()
            yield ahead.pop(), current
        elif not ending:
            # It was ended, by its bound of memory or of time; or the reader has a fault.
            raise whole_file(_sentences()["damaged" if child.wait() > 0 else "too_large"])
    if ending[0]:
        raise whole_file(_sentences()[ending[0]])


def _sentences() -> dict[str, str]:
    return {
        "password": _("The workbook is protected by a password. Take the password off and save it anew."),
        "macros": _("The workbook contains macros. Save it as an XLSX workbook without macros."),
        "no_workbook": _("This is a packed file or a document, not a workbook. Save the table as XLSX or CSV."),
        "damaged": _("The workbook is damaged. Open it in a spreadsheet and save it anew as XLSX, or as CSV."),
        "too_large": _(
            "The workbook unpacks to more than can be read. Copy the table alone into a new workbook, or save it as "
            "CSV."
        ),
    }
