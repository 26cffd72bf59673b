"""From rows to a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence

from files.importing.table import FORMULA_STARTS

PIECE = 64 * 1024


def escaped(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; `table` takes it off again."""
    return f"'{text}" if text.removeprefix("'").startswith(FORMULA_STARTS) else text


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
