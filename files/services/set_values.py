"""From the cells of a file's rows to values, in SQL.

What is put together into statements here are names and patterns of the project's own columns, and literals.
"""

import json
from collections.abc import Mapping, Sequence

from django.db import connection
from psycopg import sql

from files.importing.cells import Column
from files.importing.plain import PlainForm, plain_form
from files.importing.resource import REPEATED
from files.importing.row_set import Cursor
from files.services.set_staging import make

# So many spellings are read at once.
_SPELLINGS = 5_000


def read_values(cursor: Cursor, fields: Mapping[str, Column], names: Sequence[str], source: str) -> str:
    """Fill `spelled_rows` and `read_rows` from the cells of a source (line, plain, cells); returns the plain rows of
    these as SQL with doubled percent signs.

    fields: the columns of a resource. names: those of the file, in the order of the cells. Plain cells are cast; each
    other spelling is read once, by its column.
    """
    make(cursor, "spelled", "(place integer, text text, value text, problem text)")
    columns = [_Column(name, column, names) for name, column in fields.items()]
    # Looked at more than once, and mostly few.
    if make(cursor, "written", f"AS SELECT line, cells FROM {source} AS row WHERE plain = ''"):  # noqa: S608  # Joined from the project's own names.
        cursor.execute("ANALYZE written")
        for column in columns:
            if column.place:
                _read_spellings(cursor, column)
        cursor.execute("ANALYZE spelled")
    _make_spelled_rows(cursor, columns)
    cells = ", ".join(column.plain_value() for column in columns)
    plain = f"SELECT row.line, {cells}, NULL::jsonb AS problems FROM {source} AS row WHERE row.plain <> ''"  # noqa: S608  # Joined from the project's own names.
    cursor.execute(f"CREATE TEMPORARY VIEW read_rows AS {plain} UNION ALL SELECT * FROM spelled_rows")  # noqa: S608  # The same.
    return f"({plain.replace('%', '%%')})"


def _read_spellings(cursor: Cursor, column: "_Column") -> None:
    form = f" WHERE NOT cells[{column.place}] ~ {column.pattern}" if column.form.pattern else ""
    with connection.chunked_cursor() as spellings:
        spellings.execute(f"SELECT DISTINCT cells[{column.place}] FROM written{form}")  # noqa: S608  # Joined from the project's own names.
        while some := spellings.fetchmany(_SPELLINGS):
            with cursor.copy("COPY spelled (place, text, value, problem) FROM STDIN") as copy:
                for (text,) in some:
                    copy.write_row((column.place, text, *column.read(text)))


def _make_spelled_rows(cursor: Cursor, columns: "Sequence[_Column]") -> None:
    cells = ", ".join(column.spelled_value() for column in columns)
    problems = " || ".join(column.spelled_problem() for column in columns)
    joins = " ".join(
        f"LEFT JOIN spelled AS s{each.place} ON s{each.place}.place = {each.place}"
        f" AND s{each.place}.text = row.cells[{each.place}]"
        for each in columns
        if each.place
    )
    make(
        cursor,
        "spelled_rows",
        f"AS SELECT row.line, {cells}, NULLIF({problems}, '[]'::jsonb) AS problems FROM written AS row {joins}",  # noqa: S608  # Joined from the project's own names.
    )
    cursor.execute("ANALYZE spelled_rows")


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


def find_repeated(cursor: Cursor, fields: Mapping[str, Column], key: Sequence[str]) -> int:
    """Fill `repeated` from `read_rows`; returns how many there are. key: the columns that tell rows apart."""
    columns = ", ".join(key)
    texts = {name for name in key if plain_form(fields[name]).type == "text"}
    # Without the order of a language, in which sorting takes many times as long.
    bare = ", ".join(f'{name} COLLATE "C" AS {name}' if name in texts else name for name in key)
    named = ", ".join(f'{name} COLLATE "default" AS {name}' if name in texts else name for name in key)
    # A million groups are sorted sooner than hashed, and in a file they are mostly sorted already.
    cursor.execute("SET LOCAL enable_hashagg = off")
    found = make(
        cursor,
        "twice",
        f"AS SELECT {named}, min(line) AS first FROM"  # noqa: S608  # Joined from the project's own names.
        f" (SELECT line, {bare} FROM read_rows WHERE problems IS NULL) AS bare GROUP BY {columns} HAVING count(*) > 1",
    )
    cursor.execute("SET LOCAL enable_hashagg = on")
    if not found:
        return 0
    cursor.execute("ANALYZE twice")
    return make(
        cursor,
        "repeated",
        f"AS SELECT row.line, {', '.join(f'row.{name}' for name in fields)},"  # noqa: S608  # Joined from the project's own names.
        f" jsonb_build_array(jsonb_build_array({literal(key[0])}::text,"
        f" replace({literal(str(REPEATED))}, '%(line)s', twice.first::text))) AS problems"
        f" FROM read_rows AS row JOIN twice USING ({columns}) WHERE row.problems IS NULL AND row.line <> twice.first",
    )
