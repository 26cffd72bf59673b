"""What an import did, and what was wrong with the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from agency.models import Job


class RowError(NamedTuple):
    """What is wrong in one place of a file: the line as an editor counts it (the header is line 1), the column's name
    (or its position, where it has no name we know), and a sentence. Never what the file says there: it may be
    anybody's number.
    """

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """The error as one line of a log."""
        where = {"line": self.line, "column": self.column, "reason": self.reason}
        return _("line %(line)s, column %(column)s: %(reason)s") % where


@dataclass(frozen=True)
class ImportReport:
    """Rows of the file by what became of them, and every error, in the order of the file.

    `imported` rows are new; `unchanged` ones were there already, exactly like this. The rest was refused, or given up
    because other rows were refused.
    """

    kind: str
    job: Job
    total: int = 0
    imported: int = 0
    unchanged: int = 0
    errors: Sequence[RowError] = field(default=())

    @property
    def left_out(self) -> int:
        """How many rows of the file are not in the database now."""
        return self.total - self.imported - self.unchanged

    @property
    def is_complete(self) -> bool:
        """Whether every row is in the database."""
        return not self.errors
