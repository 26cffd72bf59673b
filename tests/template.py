"""The database of a test process: a clone of a template that holds the schema of the models, the law and the roles.

Making it takes seconds, cloning it a part of one. The template stays for the next session as long as nothing it was
made from has changed. That the migrations make the same schema is a test of its own (tests/config/test_migrations.py).
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from agency.ownership import as_owner
from demo.schema import make_tables_from_models
from tests.processes import PROJECT, worker_name

_TEMPLATE = "template_of_tests"
_LOCK = PROJECT / ".local" / "template-of-tests.lock"


@contextmanager
def cloned(name: str) -> Iterator[None]:
    """Django works on a fresh clone of this name until the block ends; then it is gone."""
    with _LOCK.open("w") as lock:
        # One process makes the template, and one at a time copies it: PostgreSQL copies what nobody is connected to.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make_sure_of_the_template()
        _make(name, _TEMPLATE)
    with _turned_to(name):
        yield
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def empty_database(name: str) -> Iterator[None]:
    """Django works on a database without a table until the block ends; then it is gone."""
    name = f"{name}_{worker_name()}"
    _make(name)
    with _turned_to(name):
        yield
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _make_sure_of_the_template() -> None:
    made_of = _fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [_TEMPLATE])
        if cursor.fetchone() == (made_of,):
            return
    _make(_TEMPLATE)
    with _turned_to(_TEMPLATE):
        make_tables_from_models()
        call_command("load_packs", verbosity=0)
        call_command("sync_roles", verbosity=0)
    _on_server(f"COMMENT ON DATABASE {_TEMPLATE} IS '{made_of}'")


def _fingerprint() -> str:
    """Of everything that the template is made from, and of more: whatever is not a test."""
    found = hashlib.sha256()
    apps = [name for name in settings.INSTALLED_APPS if (PROJECT / name).is_dir()]
    files = [file for app in apps for kind in ("*.py", "*.toml") for file in (PROJECT / app).rglob(kind)]
    others = ("config/settings.py", "demo/schema.py", "requirements-dev.lock")
    for file in sorted([*files, *(PROJECT / name for name in others)]):
        if "migrations" not in file.parts:
            found.update(f"{file.relative_to(PROJECT)}\n".encode() + file.read_bytes())
    return found.hexdigest()


def _make(name: str, template: str = "template0") -> None:
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")


@contextmanager
def _turned_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _on_server(*statements: str) -> None:
    with as_owner(), connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
