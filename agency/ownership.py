"""Two roles of the database: one owns the tables and migrates, the other is the application's and owns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

# Where the connection's description keeps the application's role while it is the owner's.
_APPLICATION = "APPLICATION"


def application_role() -> tuple[str, str]:
    """The database role that the application works as, and its password."""
    described = connection.settings_dict
    if (kept := described.get(_APPLICATION)) is not None:
        role, password = kept
        return role, password
    return str(described["OPTIONS"].get("assume_role") or described["USER"]), str(described["PASSWORD"] or "")


@contextmanager
def as_owner() -> Iterator[None]:
    """Statements inside are those of the tables' owner, over a connection of its own.

    Where no owner is configured (`DATABASE_OWNER_URL`), or it is the owner's already, nothing changes. Not to be
    entered inside a transaction.
    """
    owner: dict[str, str] | None = settings.DATABASE_OWNER
    described = connection.settings_dict
    held = {name: described[name] for name in ("USER", "PASSWORD", "OPTIONS")}
    options = {name: value for name, value in held["OPTIONS"].items() if name != "assume_role"}
    if owner is None or _APPLICATION in described:
        yield
        return
    described[_APPLICATION] = application_role()
    connection.close()
    described.update({"USER": owner["USER"], "PASSWORD": owner["PASSWORD"], "OPTIONS": options})
    try:
        yield
    finally:
        connection.close()
        described.update(held)
        del described[_APPLICATION]
