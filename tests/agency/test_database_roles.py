"""The application's database role: it does what the application does, and nothing else."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from agency.checks import the_application_owns_nothing
from agency.ownership import application_role, as_owner
from agency.services.database_roles import grant_application_role, privileges
from tests.database import OWNER
from tests.processes import database_url

pytestmark = pytest.mark.django_db

# Tables made from the models have no list of migrations.
TABLES = {table: rights for table, rights in privileges().items() if table != "django_migrations"}
# Whatever a row is, this asks for the right alone: no row is touched.
ATTEMPTS = {
    "SELECT": "SELECT FROM {} WHERE false",
    "UPDATE": "UPDATE {} SET {column} = {column} WHERE false",
    "DELETE": "DELETE FROM {} WHERE false",
}


@pytest.fixture(scope="module")
def application(django_db_setup: Any, django_db_blocker: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection that signs in as the application itself, so that no other role is behind it."""
    with django_db_blocker.unblock():
        described = {**connection.settings_dict, "USER": application_role()[0]}
    with psycopg.connect(database_url(described), autocommit=True) as found:
        yield found


def column_of(table: str) -> str:
    with connection.cursor() as cursor:
        return str(connection.introspection.get_table_description(cursor, table)[0].name)


@pytest.mark.parametrize("table", TABLES)
def test_the_application_does_with_a_table_what_it_needs_and_nothing_else(
    application: psycopg.Connection[Any], table: str
) -> None:
    for right, statement in ATTEMPTS.items():
        tried = statement.format(f'"{table}"', column=f'"{column_of(table)}"')
        if right in TABLES[table]:
            # What a trigger says, it says to whoever may ask.
            with suppress(psycopg.errors.RaiseException):
                application.execute(tried.encode())
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(tried.encode())
    for statement in (
        f'TRUNCATE "{table}" CASCADE',
        f'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
        f'ALTER TABLE "{table}" DISABLE TRIGGER USER',
        f'DROP TABLE "{table}" CASCADE',
        f'ALTER TABLE "{table}" RENAME TO another',
        f'CREATE TRIGGER mine BEFORE INSERT ON "{table}" EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE TABLE mine (id int)",
        "CREATE ROLE another",
        "SET ROLE postgres",
        "DROP FUNCTION {function}",
        "CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SELECT setval(pg_get_serial_sequence('accounts_ledgerentry', 'id'), 1)",
        "COPY accounts_ledgerentry TO PROGRAM 'true'",
    ],
)
def test_there_is_no_way_around(application: psycopg.Connection[Any], statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgfoid::regprocedure::text FROM pg_trigger"
            " WHERE tgrelid = 'accounts_ledgerentry'::regclass AND NOT tgisinternal LIMIT 1"
        )
        (function,) = cursor.fetchone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement.format(function=function).encode())


def test_every_table_is_granted() -> None:
    with connection.cursor() as cursor:
        assert set(connection.introspection.table_names(cursor)) <= set(TABLES)


def test_a_deployment_refuses_an_application_that_could_rewrite(in_english: None) -> None:
    assert the_application_owns_nothing(None) == []
    with connection.cursor() as cursor:
        cursor.execute(OWNER)
    (error,) = the_application_owns_nothing(None)
    assert error.id == "agency.E003"
    assert "is a superuser" in error.msg
    assert "owns tables" in error.msg


def test_one_right_too_many_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OWNER)
        cursor.execute(f"GRANT DELETE ON accounts_ledgerentry TO {application_role()[0]}")
        cursor.execute(f"SET LOCAL ROLE {application_role()[0]}")
    (error,) = the_application_owns_nothing(None)
    assert "accounts_ledgerentry" in error.msg


@pytest.mark.django_db(transaction=True)
def test_granting_again_takes_back_what_is_too_much() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON accounts_ledgerentry TO {application_role()[0]}")
    assert the_application_owns_nothing(None) != []
    call_command("grant_application_role", verbosity=0)
    assert the_application_owns_nothing(None) == []
    assert grant_application_role() == application_role()[0]
