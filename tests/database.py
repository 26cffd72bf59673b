"""Bringing the test database back to where the session started, past the triggers that protect the ledger."""

from dataclasses import dataclass

from django.db import connection, transaction

_SCHEMA = "baseline"
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
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
            cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
            for table in tables:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {quote(table)})")
                if not cursor.fetchone()[0]:
                    continue
                cursor.execute(f"CREATE TABLE {_SCHEMA}.{quote(table)} AS TABLE {quote(table)}")
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
                    "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    [table],
                )
                columns[table] = ", ".join(quote(name) for (name,) in cursor.fetchall())
        return cls(columns, tables)

    def restore(self) -> None:
        """Empty every table and put the copies back.

        As a replica the database fires neither the ledger's triggers nor those of foreign keys, so the
        order is free. It takes the superuser that the embedded server gives.
        """
        quote = connection.ops.quote_name
        statements = [
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
