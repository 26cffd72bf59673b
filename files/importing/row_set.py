"""The rows of a file carried as a set, by statements of SQL, for kinds whose files have a million of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agency.models import PoolingRegion, User

Cursor = Any


@dataclass(frozen=True)
class ImportContext:
    """Who imports what for whom: the region chosen, the person (None: a command), the day, the reason kept in the
    history.

    confirmed: what the person said themselves when they had changes and doubtful rows go in; "" in a preview.
    about: the id of what the file is about, None where nobody chose one.
    """

    region: PoolingRegion
    actor: User | None
    today: date
    reason: str
    confirmed: str = ""
    about: int | None = None


class RowSet:
    """What a kind of file does with its rows all at once. It says the same of each as the kind's resource.

    Each method is called in one transaction, and finds or fills temporary tables:

    `read_rows`   line, the resource's columns as values, problems (NULL: none) of single cells
    `judged`      line, outcome, problems, before, recorded (the id of the row that has the key): see `judging`
    `going_in`    line: the rows that are to be saved
    `made`        line, id: what was saved
    `undone`      line, id, before: what an import made, or changed from `before`
    `standing`    line, problem: rows that cannot be undone

    Problems are JSON as `ImportedRow` has them. Sentences come in the language of whoever brought the file.
    """

    def __init__(self, context: ImportContext) -> None:
        """context: what all rows of the file have in common."""
        self.context = context

    def judging(self, cursor: Cursor, rows: str) -> tuple[str, Mapping[str, Any]]:
        """A query for what `judged` has, and its parameters: each row that is wrong, changed or unchanged. A row left
        out is new.

        rows: a table or query of some rows of the file, each right in itself, as SQL for a statement with parameters;
        its columns are those of `read_rows`, its problems what is wrong with a row beside the others.
        """
        raise NotImplementedError

    def save(self, cursor: Cursor) -> None:
        """Save the rows of `going_in`, which are new or changed, with their history, and fill `made`.

        A row that somebody else has recorded or changed since it was judged is left out of `made`.
        """
        raise NotImplementedError

    def take_back(self, cursor: Cursor) -> None:
        """Undo the rows of `undone`, whose values as they went in are in `read_rows`; those that cannot be undone stand
        in `standing` afterwards.
        """
        raise NotImplementedError


def problem(column: str, reason: object) -> list[Sequence[str]]:
    """One problem as JSON has it."""
    return [(column, str(reason))]
