"""PostgreSQL's own programs: the rows of a snapshot as a stream, and such a stream back into an empty database."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from agency.exceptions import DomainError

# Whoever was signed in signs in again; what another program left behind is not in Django's schema.
LEFT_OUT = ("agency_session", "django_session")
# What Django's connection has and PostgreSQL's programs do not know, or get otherwise.
_NOT_FOR_PROGRAMS = frozenset(
    {"client_encoding", "context", "cursor_factory", "options", "password", "prepare_threshold"}
)


def pg_dump_version() -> str:
    """Such as "18.1". DomainError where it is not installed, or older than the server: it refuses that itself."""
    version = _version("pg_dump")
    if int(version.split(".")[0]) < connection.pg_version // 10_000:  # type: ignore[attr-defined]
        raise DomainError(
            f"pg_dump {version} is older than the server: install the server's version, or set POSTGRES_PROGRAMS."
        )
    return version


def server_version() -> str:
    """Such as "18.1"."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split(" ", 1)[0]


@contextmanager
def dumped(snapshot: str) -> Iterator[IO[bytes]]:
    """The rows and their schema as a snapshot has them, in the custom format. DomainError where pg_dump fails."""
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *left_out, _address()]
    with _running("pg_dump", *arguments, stdout=subprocess.PIPE) as process:
        yield cast(IO[bytes], process.stdout)


@contextmanager
def restoring() -> Iterator[IO[bytes]]:
    """Takes what `dumped` gave. All of it is there after the block, or nothing: DomainError where it fails."""
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={_address()}"]
    with _running("pg_restore", *arguments, stdin=subprocess.PIPE) as process:
        yield cast(IO[bytes], process.stdin)


@contextmanager
def _running(program: str, *arguments: str, **pipe: int) -> Iterator["subprocess.Popen[bytes]"]:
    with tempfile.TemporaryFile() as said:
        command = [_program(program), "--no-password", *arguments]
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL} | pipe
        process: subprocess.Popen[bytes] = subprocess.Popen(command, stderr=said, env=_environment(), **pipes)
        try:
            # Where it ends before it has read everything, it has said why.
            with suppress(BrokenPipeError):
                yield process
        except BaseException:
            # Before its input is closed, which it could take for the end of what there is.
            process.kill()
            process.wait()
            raise
        with suppress(BrokenPipeError), process:
            # Closes the pipe, and waits.
            pass
        if process.returncode:
            said.seek(0)
            raise DomainError(f"{program} failed: {_last_line(said.read())}")


def _last_line(said: bytes) -> str:
    """What it said last, without the rows that PostgreSQL likes to show beside it."""
    lines = [line for line in said.decode(errors="replace").splitlines() if "error:" in line.lower()]
    return re.sub(r"\(.*\)", "(…)", lines[-1])[:300] if lines else "it did not say why"


def _program(name: str) -> str:
    return str(Path(settings.POSTGRES_PROGRAMS) / name)


def _version(program: str) -> str:
    try:
        said = subprocess.run([_program(program), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise DomainError(
            f"{program} is not there: install PostgreSQL's client programs, or set POSTGRES_PROGRAMS to their folder."
        ) from None
    found = re.search(r"\d+(\.\d+)*", said)
    return found.group() if found else "0"


def _address() -> str:
    parameters = connection.get_connection_params()
    return make_conninfo(**{name: value for name, value in parameters.items() if name not in _NOT_FOR_PROGRAMS})


def _environment() -> dict[str, str]:
    """The password where other people of the machine cannot read it in the list of processes."""
    password = connection.settings_dict["PASSWORD"]
    return os.environ | ({"PGPASSWORD": str(password)} if password else {})
