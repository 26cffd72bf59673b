"""Rows of a file in the database before they are carried as a set: staged as they are read, taken for values, kept.

Every temporary table is that of `files.importing.row_set`, and lasts as long as the caller's transaction. What is put
together into statements here are names and patterns of the project's own columns, and literals.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db import connection
from psycopg import sql

from files.importing.cells import Column
from files.importing.plain import PlainForm, plain_form
from files.importing.resource import REPEATED
from files.importing.row_set import Cursor
from files.importing.table import Row, Table
from files.models import FileImport

# So many rows are staged between two looks at whether somebody cancelled, and so many spellings read at once.
_BLOCK, _SPELLINGS = 50_000, 5_000
_COPY_PLAIN = "COPY files_stagedrow (file_import_id, line, plain) FROM STDIN"
_COPY = "COPY files_stagedrow (file_import_id, line, cells, problem, place) FROM STDIN"
_SETTINGS = (
    # Hashes of a million rows stay in memory.
    "SET LOCAL work_mem = '128MB'",
    # The planner knows nothing of rows that came a moment ago, and would look up each of a million by itself.
    "SET LOCAL enable_nestloop = off",
    # A reference of each row to its member would be remembered until the end.
    "SET CONSTRAINTS ALL IMMEDIATE",
)
_JUDGED = "(line integer, outcome text, problems jsonb, before jsonb, recorded bigint)"
_KEEP = """
    INSERT INTO files_importedrow
        (file_import_id, number, line, key, cells, outcome, problems, doubts, before, made, is_in)
    SELECT row.file_import_id, row.line, row.line,
        left(array_to_string((array_remove(row.cells, ''))[%(first)s:%(first)s + 2], ' · '), 120),
        to_jsonb(row.cells), coalesce(judged.outcome, 'new'), coalesce(judged.problems, '[]'), '[]',
        coalesce(judged.before, '{}'), CASE WHEN made.id IS NULL THEN '{}' ELSE ARRAY[made.id] END,
        made.id IS NOT NULL
    FROM (
        SELECT file_import_id, line, CASE WHEN plain = '' THEN cells ELSE string_to_array(plain, ',') END AS cells
        FROM files_stagedrow WHERE file_import_id = %(file_import)s
        OFFSET 0
    ) AS row
    LEFT JOIN judged ON judged.line = row.line
    LEFT JOIN made ON made.line = row.line
    WHERE coalesce(judged.outcome, 'new') <> %(but)s
"""
_FORGET = """
    DELETE FROM files_stagedrow AS row USING files_importedrow AS kept
    WHERE row.file_import_id = %(file_import)s AND kept.file_import_id = row.file_import_id AND kept.number = row.line
"""


def begin(cursor: Cursor) -> None:
    """Prepare the transaction and the tables that are filled later."""
    for setting in _SETTINGS:
        cursor.execute(setting)
    make(cursor, "judged", _JUDGED)
    make(cursor, "made", "(line integer, id bigint)")


def make(cursor: Cursor, name: str, shape: str, *parameters: Any) -> int:
    """Make a temporary table anew, from its columns or from AS and a query; returns how many rows that has."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name} CASCADE")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} {_on_commit(shape)}", parameters or None)
    return int(cursor.rowcount)


def _on_commit(shape: str) -> str:
    return f"ON COMMIT DROP {shape}" if shape.startswith("AS ") else f"{shape} ON COMMIT DROP"


# --- Staging --------------------------------------------------------------------------------------


def stage(cursor: Cursor, file_import: FileImport, table: Table, tell: Callable[[int], None]) -> int:
    """Copy the rows of a file into the database as they are read; returns how many there are."""
    unstage(file_import)
    rows, total = iter(table.rows), 0
    while first := next(rows, None):
        others: list[Row] = []
        with cursor.copy(_COPY_PLAIN) as copy:
            total += _copy_plain(copy, file_import.pk, table.delimiter, chain((first,), rows), others)
        with cursor.copy(_COPY) as copy:
            for row in others:
                copy.write_row((file_import.pk, row.line, row.cells, row.problem, row.place))
        tell(total)
    return total


def _copy_plain(copy: Any, pk: int, delimiter: str, rows: Iterable[Row], others: list[Row]) -> int:
    """Copy the plain lines of a block of rows, and put the other rows aside; returns how many both are."""
    total = 0
    for row in rows:
        if row.plain:
            lines = row.plain.replace(delimiter, ",").split("\n")[:-1]
            copy.write("".join([f"{pk}\t{line}\t{text}\n" for line, text in enumerate(lines, start=row.line)]))
            total += len(lines)
        else:
            others.append(row)
            total += 1
        if total >= _BLOCK:
            break
    return total


def unstage(file_import: FileImport) -> None:
    """Forget the staged rows of a file."""
    file_import.staged.all().delete()


# --- From cells to values -------------------------------------------------------------------------


def read_values(cursor: Cursor, fields: Mapping[str, Column], names: Sequence[str], source: str) -> None:
    """Fill `read_rows` from the cells of a source (line, plain, cells).

    fields: the columns of a resource. names: those of the file, in the order of the cells. Plain cells are cast; each
    other spelling is read once, by its column.
    """
    make(cursor, "spelled", "(place integer, text text, value text, problem text)")
    columns = [_Column(name, column, names) for name, column in fields.items()]
    present = [column for column in columns if column.place]
    for column in present:
        _read_spellings(cursor, column, source)
    cursor.execute("ANALYZE spelled")
    plain = ", ".join(column.plain_value() for column in columns)
    spelled = ", ".join(column.spelled_value() for column in columns)
    problems = " || ".join(column.spelled_problem() for column in columns)
    joins = " ".join(
        f"LEFT JOIN spelled AS s{each.place} ON s{each.place}.place = {each.place}"
        f" AND s{each.place}.text = row.cells[{each.place}]"
        for each in present
    )
    make(
        cursor,
        "spelled_rows",
        f"AS SELECT row.line, {spelled}, NULLIF({problems}, '[]'::jsonb) AS problems"  # noqa: S608  # Joined from the project's own names.
        f" FROM {source} AS row {joins} WHERE row.plain = ''",
    )
    cursor.execute("ANALYZE spelled_rows")
    cursor.execute(
        f"CREATE TEMPORARY VIEW read_rows AS SELECT row.line, {plain}, NULL::jsonb AS problems FROM {source} AS row"  # noqa: S608  # Joined from the project's own names.
        " WHERE row.plain <> '' UNION ALL SELECT * FROM spelled_rows"
    )


def _read_spellings(cursor: Cursor, column: "_Column", source: str) -> None:
    form = f" AND NOT row.cells[{column.place}] ~ {column.pattern}" if column.form.pattern else ""
    with connection.chunked_cursor() as spellings:
        spellings.execute(f"SELECT DISTINCT row.cells[{column.place}] FROM {source} AS row WHERE row.plain = ''{form}")  # noqa: S608  # Joined from the project's own names.
        while some := spellings.fetchmany(_SPELLINGS):
            with cursor.copy("COPY spelled (place, text, value, problem) FROM STDIN") as copy:
                for (text,) in some:
                    copy.write_row((column.place, text, *column.read(text)))


class _Column:
    """A column of a resource in SQL. `place`: of its cells, 0 where the file has none."""

    def __init__(self, name: str, column: Column, names: Sequence[str]) -> None:
        self.name, self.column = name, column
        self.place = names.index(name) + 1 if name in names else 0
        self.form: PlainForm = plain_form(column)
        self.pattern = literal(f"^(?:{self.form.pattern})$")

    def read(self, text: str | None) -> tuple[str | None, str | None]:
        """A cell's value as SQL reads it, or what is wrong with it. None: the file has no such column."""
        try:
            value = self.column.clean({} if text is None else {self.name: text})
        except ValueError as error:
            return None, str(error)
        return None if value is None else str(value), None

    def plain_value(self) -> str:
        if not self.place:
            return self._constant(None)
        cell = f"split_part(row.plain, ',', {self.place})"
        value = self.form.value.format(cell)
        if self.column.empty is not Column.NEEDED:
            return f"CASE WHEN {cell} = '' THEN {self._constant('', name='')} ELSE {value} END AS {self.name}"
        return f"{value} AS {self.name}"

    def spelled_value(self) -> str:
        if not self.place:
            return self._constant(None)
        spelled, cell = f"s{self.place}.value::{self.form.type}", f"row.cells[{self.place}]"
        if not self.form.pattern:
            return f"{spelled} AS {self.name}"
        plain = self.form.value.format(cell)
        return f"CASE WHEN {cell} ~ {self.pattern} THEN {plain} ELSE {spelled} END AS {self.name}"

    def spelled_problem(self) -> str:
        said = f"s{self.place}.problem" if self.place else f"{literal(self.read(None)[1])}::text"
        pair = f"jsonb_build_array(jsonb_build_array({literal(self.name)}, {said}))"
        return f"CASE WHEN {said} IS NULL THEN '[]'::jsonb ELSE {pair} END"

    def _constant(self, text: str | None, name: str | None = None) -> str:
        named = f" AS {self.name}" if name is None else ""
        return f"{literal(self.read(text)[0])}::{self.form.type}{named}"


def literal(value: str | None) -> str:
    """A text as SQL writes it."""
    return sql.Literal(value).as_string()


def as_json(value: object) -> str:
    """A value as SQL writes it for jsonb."""
    return f"{literal(json.dumps(value, ensure_ascii=False))}::jsonb"


def find_repeated(cursor: Cursor, key: Sequence[str]) -> None:
    """Fill `repeated` from `read_rows`. key: the columns that tell rows apart."""
    columns = ", ".join(key)
    make(
        cursor,
        "repeated",
        f"AS SELECT row.line, jsonb_build_array(jsonb_build_array({literal(key[0])}::text,"  # noqa: S608  # Joined from the project's own names.
        f" replace({literal(str(REPEATED))}, '%(line)s', twice.first::text))) AS problems"
        f" FROM read_rows AS row JOIN (SELECT {columns}, min(line) AS first FROM read_rows WHERE problems IS NULL"
        f" GROUP BY {columns} HAVING count(*) > 1) AS twice USING ({columns})"
        " WHERE row.problems IS NULL AND row.line <> twice.first",
    )
    cursor.execute("ANALYZE repeated")


# --- Keeping --------------------------------------------------------------------------------------


def keep_staged(cursor: Cursor, file_import: FileImport, names: Sequence[str], *, but: str = "") -> None:
    """Move staged rows to those that are kept, as they are in `judged` and `made`. but: rows with this outcome stay."""
    parameters = {"file_import": file_import.pk, "first": 2 if "region" in names else 1, "but": but}
    cursor.execute(_KEEP, parameters)
    if but:
        cursor.execute(_FORGET, parameters)
    else:
        unstage(file_import)
