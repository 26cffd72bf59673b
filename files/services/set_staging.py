"""Rows of a file in the database before they are carried as a set: staged as they are read, and kept.

Every temporary table is that of `files.importing.row_set`, and lasts as long as the caller's transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from files.importing.row_set import Cursor
from files.importing.table import Row, Table
from files.models import FileImport, RowOutcome

# So many rows are staged between two looks at whether somebody cancelled, and so many lines sent at once.
_BLOCK, _WRITTEN = 50_000, 1_000
_COPY_PLAIN = "COPY files_stagedrow (file_import_id, line, plain) FROM STDIN"
_COPY = "COPY files_stagedrow (file_import_id, line, cells, problem, place) FROM STDIN"
_SETTINGS = (
    # Hashes that stay in the processor's cache, a part of the rows at a time, are quicker than one of all of them.
    "SET LOCAL work_mem = '8MB'",
    # The planner knows nothing of rows that came a moment ago, and would look up each of a million by itself.
    "SET LOCAL enable_nestloop = off",
    # Its guesses are far from the rows that come, and translating an expression takes longer than the rows.
    "SET LOCAL jit = off",
    # A reference of each row to its member would be remembered until the end.
    "SET CONSTRAINTS ALL IMMEDIATE",
)
# Rows that do what most do stay; one that is not judged is new.
_LEAVING = {
    "": "true",
    RowOutcome.NEW: "EXISTS (SELECT 1 FROM judged WHERE judged.line = row.line AND outcome <> 'new')",
    RowOutcome.UNCHANGED: "NOT EXISTS (SELECT 1 FROM judged WHERE judged.line = row.line AND outcome = 'unchanged')",
}
_KEEP = """
    WITH leaving AS (
        DELETE FROM files_stagedrow AS row WHERE {staged} AND {leaving}
        RETURNING line, plain, cells
    )
    INSERT INTO files_importedrow
        (file_import_id, number, line, key, cells, outcome, problems, doubts, before, made, is_in)
    SELECT %(file_import)s, row.line, row.line,
        left(array_to_string((array_remove(row.cells, ''))[%(first)s:%(first)s + 2], ' · '), 120),
        to_jsonb(row.cells), coalesce(judged.outcome, 'new'), coalesce(judged.problems, '[]'), '[]',
        coalesce(judged.before, '{{}}'), CASE WHEN made.id IS NULL THEN '{{}}' ELSE ARRAY[made.id] END,
        made.id IS NOT NULL
    FROM (
        SELECT line, CASE WHEN plain = '' THEN cells ELSE string_to_array(plain, ',') END AS cells FROM leaving OFFSET 0
    ) AS row
    LEFT JOIN judged ON judged.line = row.line
    LEFT JOIN made ON made.line = row.line
"""


def begin(cursor: Cursor) -> None:
    """Prepare the transaction and the tables that are filled later."""
    for setting in _SETTINGS:
        cursor.execute(setting)
    make(cursor, "made", "(line integer, id bigint)")


def make(cursor: Cursor, name: str, shape: str, parameters: Any = None) -> int:
    """Make a temporary table anew, from its columns or from AS and a query; returns how many rows that has."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name} CASCADE")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} {_on_commit(shape)}", parameters)
    return int(cursor.rowcount)


def _on_commit(shape: str) -> str:
    return f"ON COMMIT DROP {shape}" if shape.startswith("AS ") else f"{shape} ON COMMIT DROP"


# --- Staging --------------------------------------------------------------------------------------


def stage(cursor: Cursor, file_import: FileImport, table: Table, tell: Callable[[int], None]) -> tuple[int, int]:
    """Copy the rows of a file into the database as they are read; returns how many there are, and how many of these are
    wrong as a whole.
    """
    file_import.staged.all().delete()
    rows, total, wrong = iter(table.rows), 0, 0
    while first := next(rows, None):
        others: list[Row] = []
        with cursor.copy(_COPY_PLAIN) as copy:
            total += _copy_plain(copy, file_import.pk, table.delimiter, chain((first,), rows), others)
        copy_rows(cursor, file_import, others)
        wrong += sum(bool(row.problem) for row in others)
        tell(total)
    return total, wrong


def copy_rows(cursor: Cursor, file_import: FileImport, rows: Iterable[Row]) -> None:
    """Stage rows that have been taken apart."""
    with cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row((file_import.pk, row.line, row.cells, row.problem, row.place))


def _copy_plain(copy: Any, pk: int, delimiter: str, rows: Iterable[Row], others: list[Row]) -> int:
    """Copy the plain lines of a block of rows, and put the other rows aside; returns how many both are."""
    total, lines = 0, []
    for row in rows:
        if row.plain:
            plain = row.plain if delimiter == "," else row.plain.replace(delimiter, ",")
            texts = plain.split("\n")
            texts.pop()
            lines += [f"{pk}\t{line}\t{text}\n" for line, text in enumerate(texts, start=row.line)]
            total += len(texts)
            if len(lines) >= _WRITTEN:
                copy.write("".join(lines))
                lines = []
        else:
            others.append(row)
            total += 1
        if total >= _BLOCK:
            break
    copy.write("".join(lines))
    return total


def rows_of(file_import: FileImport) -> str:
    """The condition of an import's staged rows.

    Said so that the index finds them and the planner reckons with many: of an equation, or a number that it sees, it
    would guess that they hold for none, as it knows nothing of rows that came a moment ago.
    """
    number = f"(SELECT {file_import.pk}::bigint)"
    return f"file_import_id >= {number} AND (file_import_id > {number}) IS NOT TRUE"


# --- Keeping --------------------------------------------------------------------------------------


def keep_staged(cursor: Cursor, file_import: FileImport, names: Sequence[str], *, but: str = "") -> None:
    """Move staged rows to those that are kept, as they are in `judged` and `made`. but: rows with this outcome stay."""
    parameters = {"file_import": file_import.pk, "first": 2 if "region" in names else 1}
    cursor.execute(_KEEP.format(staged=rows_of(file_import), leaving=_LEAVING[but]), parameters)
