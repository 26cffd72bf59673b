"""What is wrong with a file, and where."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

_SENTENCE_ENDS = re.compile(r"(?<=。)(?=.)|(?<=\.) ")


class RowError(NamedTuple):
    """What is wrong in one place of a file: the line as an editor or a spreadsheet counts it, the column's name (or its
    position, where it has no name we know), and a sentence. Never what the file says there: it may be anybody's number.
    """

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """The error as one line of a log."""
        where = {"line": self.line, "column": self.column, "reason": self.reason}
        return _("line %(line)s, column %(column)s: %(reason)s") % where

    def parted(self) -> dict[str, str | int]:
        """The error by parts: what is wrong, and apart from it what to do, which the sentences after the first say."""
        reason, way_out = parted(self.reason)
        return {"line": self.line, "column": self.column, "reason": reason, "way_out": way_out}


def parted(reason: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    first, *rest = _SENTENCE_ENDS.split(reason, maxsplit=1)
    return first, rest[0] if rest else _("Correct the cell and bring the file again.")


class FileRefused(Exception):
    """Nothing of the file can be read as rows; `errors` says why, and what to do; `missing` names columns that no line
    has, `cells` are those of the line that is most like a header.
    """

    def __init__(self, *errors: RowError, missing: Sequence[str] = (), cells: Sequence[str] = ()) -> None:
        super().__init__(*errors)
        self.errors, self.missing, self.cells = errors, missing, cells


def whole_file(reason: str, line: int = 1) -> FileRefused:
    """The refusal of a file for one reason that is not about a row."""
    return FileRefused(RowError(line, "1", reason))
