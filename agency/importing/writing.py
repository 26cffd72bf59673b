"""From rows to a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from agency.importing.reading import FORMULA_STARTS


def escaped(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; `reading` takes it off again."""
    return f"'{text}" if text.removeprefix("'").startswith(FORMULA_STARTS) else text


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, which spreadsheets need to show Chinese."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
