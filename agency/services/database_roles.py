"""What the application's database role may do with each table: what the services do, and nothing beyond."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from agency.finality import is_append_only, is_deleted
from agency.ownership import application_role, as_owner

# Of tables that are not the house's own. The log of the admin is written once, too.
_WRITTEN_ONCE = ("admin.logentry",)
_READ = ("django_migrations",)


def privileges_of(model: type[models.Model]) -> tuple[str, ...]:
    """What the application needs of a model's table: to read and add, to change what may change, to delete where it
    deletes.
    """
    if is_append_only(model) or model._meta.label_lower in _WRITTEN_ONCE:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE") if is_deleted(model) else ("SELECT", "INSERT", "UPDATE")


def privileges() -> dict[str, tuple[str, ...]]:
    """The same by table, of every table that the migrations make."""
    found = {model._meta.db_table: privileges_of(model) for model in apps.get_models(include_auto_created=True)}
    return found | dict.fromkeys(_READ, ("SELECT",))


def grant_application_role() -> str:
    """Make the application's role where it is missing, and let it do what `privileges` says, and nothing else.

    Done again after each migration, all at once, so that the application never finds less in between. Returns the
    role. ValueError where the application is configured to work as the owner.
    """
    role, password = application_role()
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if owner == role:
            raise ValueError(f"{role} owns the tables: DATABASE_URL has to name another role than DATABASE_OWNER_URL")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            _make(cursor, role, password)
        present = set(connection.introspection.table_names(cursor))
        for statement in _grants(role, database, present):
            cursor.execute(statement)
    return role


def _make(cursor: object, role: str, password: str) -> None:
    """A role that may sign in and nothing else."""
    made = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    statement = made.format(sql.Identifier(role))
    if password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    cursor.execute(statement)  # type: ignore[attr-defined]


def _grants(role: str, database: str, present: set[str]) -> Iterator[sql.Composed]:
    to = sql.Identifier(role)
    yield sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(database), to)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}, PUBLIC").format(to)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}, PUBLIC").format(to)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to)
    # To number rows, and to be read by a backup; not to be set back.
    yield sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}, PUBLIC").format(to)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(to)
    for table, allowed in sorted(privileges().items()):
        if table in present:
            what = sql.SQL(", ").join(map(sql.SQL, allowed))
            yield sql.SQL("GRANT {} ON TABLE {} TO {}").format(what, sql.Identifier(table), to)
