"""A pair of embedded servers for a test alone, in a folder of its own."""

import fcntl
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from development.embedded.places import Places
from tests.processes import PROJECT

_USER = """
import sys
from pathlib import Path
from development.embedded import ensure_running
print(ensure_running(Path(sys.argv[1])).redis_url, flush=True)
sys.stdin.read()
"""


@dataclass
class Servers:
    """A state directory of its own, and the processes that use its servers."""

    places: Places

    @contextmanager
    def user(self) -> Iterator[subprocess.Popen[str]]:
        """A process that holds the servers until the block ends; it may still be starting when the block
        begins.
        """
        process = subprocess.Popen(
            [sys.executable, "-c", _USER, str(self.places.state)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.communicate()

    def wait_until_ready(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == self.places.addresses.redis_url

    def wait_until_stopped(self) -> None:
        """Return when no keeper holds its lock; it lets go after the servers have ended."""
        with self.places.keeper_lock.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """As the owner of the tables."""
        address = self.places.addresses.database | {"USER": self.places.addresses.owner}
        with psycopg.connect(
            host=address["HOST"], port=address["PORT"], user=address["USER"], dbname=address["NAME"]
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def processes(self) -> dict[str, psutil.Process]:
        """The keeper and the two servers that run on the state directory, by what they are."""
        found = {}
        for process in psutil.process_iter():
            try:
                command, folder = process.cmdline(), process.cwd()
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
            if "development.embedded.keeper" in command and str(self.places.state) in command:
                found["keeper"] = process
            elif folder == str(self.places.valkey_data):
                found["valkey"] = process
            elif folder == str(self.places.postgres_data) and str(self.places.postgres_data) in command:
                found["postgres"] = process
        return found

    def servers_run(self) -> bool:
        # The keeper itself may still be on its way out.
        return bool({"postgres", "valkey"}.intersection(self.processes()))


@contextmanager
def separate_servers() -> Iterator[Servers]:
    """A state directory that is gone, with the servers on it, after the block; nothing runs on it yet."""
    # Not pytest's own temporary folder: only its owner may enter that one, and its path can be too long for
    # a socket.
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    folder.chmod(0o755)
    servers = Servers(Places.choose(folder))
    try:
        yield servers
    finally:
        servers.wait_until_stopped()
        shutil.rmtree(folder)
