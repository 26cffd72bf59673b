"""Bringing the test database back to where the session started, and to what costs seconds to make, past the triggers
that protect the ledger.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from agency.ownership import application_role, as_owner

_SCHEMA = "baseline"
# The tests' connection belongs to the owner, and works as the application until it says this.
OWNER = "SET LOCAL ROLE NONE"
# A test that leaves a thread inside a transaction should fail here, not hang.
_PATIENCE = "20s"


@dataclass(frozen=True)
class Baseline:
    """A copy of every table that had rows when the session started: the law, the regions, the roles.

    Copying them, rather than listing them, keeps the law the same for every test also when a test changed it.
    """

    columns: dict[str, str]
    """The columns to copy back, by table; a generated column is computed again."""
    tables: tuple[str, ...]
    """Every table that the migrations made."""

    @classmethod
    def take(cls) -> "Baseline":
        """Copy the tables as they are now; called once, right after the session's data is loaded."""
        quote = connection.ops.quote_name
        columns: dict[str, str] = {}
        tables = tuple(sorted(connection.introspection.table_names()))
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
            cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
            for table in tables:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {quote(table)})")
                if not cursor.fetchone()[0]:
                    continue
                cursor.execute(f"CREATE TABLE {_SCHEMA}.{quote(table)} AS TABLE {quote(table)}")
                columns[table] = _columns(table)
            _let_a_backup_read(cursor, _SCHEMA)
        return cls(columns, tables)

    def restore(self) -> None:
        """Empty every table and put the copies back.

        As a replica the database fires neither the ledger's triggers nor those of foreign keys, so the
        order is free. It takes the superuser that the embedded server gives.
        """
        quote = connection.ops.quote_name
        statements = [
            OWNER,
            f"SET LOCAL lock_timeout = '{_PATIENCE}'",
            "SET LOCAL session_replication_role = replica",
        ]
        statements += [f"DELETE FROM {quote(table)}" for table in self.tables]
        statements += [
            f"INSERT INTO {quote(table)} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {_SCHEMA}.{quote(table)}"
            for table, names in self.columns.items()
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";\n".join(statements))


@dataclass(frozen=True)
class Furnished:
    """The rows that something added to the baseline or changed there, and the objects that it answered with."""

    schema: str
    columns: dict[str, str]
    """The columns to copy, by table."""
    keys: dict[str, str]
    """The primary key of each table that has rows in the baseline, too, of which it may have changed some."""
    made: bytes

    @classmethod
    def take(cls, baseline: Baseline, schema: str, make: Callable[[], Any]) -> "Furnished":
        """Make it once, keep copies of its rows in a schema of that name, and go back to the baseline.

        The messages to workers that it asked for are not sent.
        """
        assert not connection.in_atomic_block, "What is furnished is made before a test begins."
        quote = connection.ops.quote_name
        columns: dict[str, str] = {}
        keys: dict[str, str] = {}
        with transaction.atomic(), connection.cursor() as cursor:
            made = pickle.dumps(make())
            connection.run_on_commit.clear()
            cursor.execute(OWNER)
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
            for table in baseline.tables:
                new = f"SELECT * FROM {quote(table)} AS made"
                if table in baseline.columns:
                    new += f" WHERE made::text NOT IN (SELECT known::text FROM {_SCHEMA}.{quote(table)} AS known)"
                cursor.execute(f"CREATE TABLE {schema}.{quote(table)} AS {new}")
                if cursor.rowcount:
                    columns[table] = _columns(table)
                    if table in baseline.columns:
                        keys[table] = quote(connection.introspection.get_primary_key_column(cursor, table) or "id")
            _let_a_backup_read(cursor, schema)
            baseline.restore()
        return cls(schema, columns, keys, made)

    def put(self) -> Any:
        """Have the rows in the database; the objects as they were made."""
        quote = connection.ops.quote_name
        statements = [OWNER, "SET LOCAL session_replication_role = replica"]
        for table, names in self.columns.items():
            kept, rows = f"{self.schema}.{quote(table)}", quote(table)
            if key := self.keys.get(table):
                statements.append(f"DELETE FROM {rows} WHERE {key} IN (SELECT {key} FROM {kept})")
            statements.append(f"INSERT INTO {rows} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {kept}")
        statements += ["SET LOCAL session_replication_role = origin", as_application()]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";\n".join(statements))
        return pickle.loads(self.made)


def as_application() -> str:
    """The statement after which the connection works as the application again."""
    return f"SET LOCAL ROLE {connection.ops.quote_name(application_role()[0])}"


@contextmanager
def owners_cursor() -> Iterator[Any]:
    """A cursor that works as the tables' owner, in a transaction of its own or inside that of the test."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OWNER)
        yield cursor
        cursor.execute(as_application())


def _let_a_backup_read(cursor: Any, schema: str) -> None:
    """The nightly service dumps whatever is in the database, as the application."""
    role = connection.ops.quote_name(application_role()[0])
    cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")


def _columns(table: str) -> str:
    """The columns that are stored; a generated one is computed again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
