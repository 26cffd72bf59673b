"""The migrations make what the models say: tests work on tables made from the models, production on migrated ones."""

from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.core.management import call_command
from django.db import connection

from tests.processes import PROJECT
from tests.template import empty_database

_COLUMNS = """
SELECT table_name, column_name, udt_name, character_maximum_length, numeric_precision, numeric_scale, is_nullable,
    column_default, is_identity, is_generated, generation_expression
FROM information_schema.columns WHERE table_schema = 'public'
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(trigger.oid), function.prosrc
FROM pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = trigger.tgfoid
WHERE NOT tgisinternal
"""


def _own_tables() -> set[str]:
    """Those of this project's apps: Django's own migrations and models are Django's business."""
    apps = [each for each in django_apps.get_app_configs() if Path(each.path).parent == PROJECT]
    return {model._meta.db_table for each in apps for model in each.get_models(include_auto_created=True)}


def schema() -> dict[str, set[tuple[object, ...]]]:
    found, tables = {}, _own_tables()
    with connection.cursor() as cursor:
        for name, question in (
            ("columns", _COLUMNS),
            ("constraints", _CONSTRAINTS),
            ("indexes", _INDEXES),
            ("triggers", _TRIGGERS),
        ):
            cursor.execute(question)
            found[name] = {row for row in cursor.fetchall() if row[0] in tables}
    return found


@pytest.mark.django_db(transaction=True)
def test_migrations_and_models_make_the_same_schema() -> None:
    from_models = schema()
    with empty_database("migrated"):
        call_command("migrate", verbosity=0)
        migrated = schema()
    for kind, rows in from_models.items():
        assert rows, kind
        assert migrated[kind] ^ rows == set(), kind
