"""An empty database's tables straight from the models: in a quarter of the time that the migrations take.

That both make the same schema is a test (tests/config/test_migrations.py). Production is migrated; tests and the
demonstration, whose database is gone tomorrow, do not wait.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from agency.ownership import as_owner
from agency.services.database_roles import grant_application_role


def is_empty() -> bool:
    """Whether Django's database has no table yet."""
    return not connection.introspection.table_names()


def make_tables_from_models() -> None:
    """Make the tables, constraints and triggers of all models in Django's database, which is empty, as their owner."""
    with as_owner():
        _make()
    grant_application_role()


def _make() -> None:
    with connection.cursor() as cursor:
        for extension in ("btree_gist", "pg_trgm"):
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    with _without_migrations():
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if made_by := getattr(model, "made_by", ""):
                cursor.execute(made_by)
    log = logging.getLogger("pgtrigger")
    log.disabled = True
    try:
        # It names every trigger, as if that were news.
        pgtrigger.install()
    finally:
        log.disabled = False


def note_migrations_as_done() -> None:
    """Note in a database that was made from the models that it is where the migrations end, so that later ones apply
    to it.
    """
    call_command("migrate", fake=True, verbosity=0, interactive=False)


class _NoMigrations:
    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


@contextmanager
def _without_migrations() -> Iterator[None]:
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = _NoMigrations()
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before
