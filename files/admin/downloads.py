"""Lists as files for a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from agency.exporting.streams import csv_stream


def csv_download(name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV file that is written while it is read, however long; cells become text, None an empty one.

    name: the file's name without its ending, in letters, digits and hyphens.
    """
    written = ([("" if cell is None else str(cell)) for cell in row] for row in rows)
    pieces = csv_stream([str(heading) for heading in headers], written)
    response = StreamingHttpResponse(_in_language(get_language(), pieces), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _in_language(language: str | None, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The request and its language are over when the server asks for the pieces."""
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
