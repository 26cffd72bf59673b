"""What an import did, and what was wrong with the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agency.models import Job
from files.importing.refusals import RowError


@dataclass(frozen=True)
class ImportReport:
    """Rows of the file by what became of them, and every error, in the order of the file.

    `imported` rows are new or correct what was recorded; `unchanged` ones were there already, exactly like this. The
    rest was refused, or given up because other rows were refused. `counts` are the rows by `RowOutcome`. `notes` says
    what of the file was passed over without being wrong, and what becomes of the rows that are in.
    """

    kind: str
    job: Job
    total: int = 0
    imported: int = 0
    unchanged: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    errors: Sequence[RowError] = field(default=())
    notes: Sequence[str] = field(default=())

    @property
    def left_out(self) -> int:
        """How many rows of the file are not in the database now."""
        return self.total - self.imported - self.unchanged

    @property
    def is_complete(self) -> bool:
        """Whether every row is in the database."""
        return not self.errors
