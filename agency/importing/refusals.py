"""What is wrong with a file, and where."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _


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


class FileRefused(Exception):
    """Nothing of the file can be read as rows; `errors` says why, and what to do; `missing` names columns that no line
    has.
    """

    def __init__(self, *errors: RowError, missing: Sequence[str] = ()) -> None:
        super().__init__(*errors)
        self.errors, self.missing = errors, missing


def whole_file(reason: str, line: int = 1) -> FileRefused:
    """The refusal of a file for one reason that is not about a row."""
    return FileRefused(RowError(line, "1", reason))
