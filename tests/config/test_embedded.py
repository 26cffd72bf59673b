"""The embedded servers: one pair for everybody who needs them, gone when the last of them has gone."""

import fcntl
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from config.embedded.offline import needs_no_server
from config.embedded.places import Account, Places, spawn_as

PROJECT = Path(__file__).resolve().parents[2]
USER = """
import sys
from pathlib import Path
from config.embedded import ensure_running
print(ensure_running(Path(sys.argv[1])).redis_url, flush=True)
sys.stdin.read()
"""


@dataclass
class Office:
    """A state directory of its own, and the processes that use its servers."""

    places: Places

    @contextmanager
    def user(self) -> Iterator[subprocess.Popen[str]]:
        """A process that holds the servers until the block ends; it may still be starting when the block
        begins.
        """
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(self.places.state)],
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
        address = self.places.addresses.database
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
            if "config.embedded.keeper" in command and str(self.places.state) in command:
                found["keeper"] = process
            elif folder == str(self.places.valkey_data):
                found["valkey"] = process
            elif folder == str(self.places.postgres_data) and str(self.places.postgres_data) in command:
                found["postgres"] = process
        return found

    def servers_run(self) -> bool:
        # The keeper itself may still be on its way out.
        return bool({"postgres", "valkey"}.intersection(self.processes()))


@pytest.fixture
def office() -> Iterator[Office]:
    # Not pytest's own temporary folder: only its owner may enter that one, and its path can be too long for
    # a socket.
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    folder.chmod(0o755)
    office = Office(Places.choose(folder))
    yield office
    office.wait_until_stopped()
    shutil.rmtree(folder)


@pytest.mark.concurrency
def test_processes_that_start_together_share_one_pair_of_servers(office: Office) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(office.user()) for _ in range(3)]
        for user in users:
            office.wait_until_ready(user)
        assert set(office.processes()) == {"keeper", "postgres", "valkey"}
        assert office.query("SHOW fsync") == [("on",)]
    office.wait_until_stopped()
    assert not office.servers_run()


def test_the_servers_stay_while_anybody_uses_them_and_keep_their_data(office: Office) -> None:
    with office.user() as first:
        office.wait_until_ready(first)
        office.query("CREATE TABLE kept (word text)")
        with office.user() as second:
            office.wait_until_ready(second)
        assert set(office.processes()) == {"keeper", "postgres", "valkey"}
    office.wait_until_stopped()
    with office.user() as third:
        office.wait_until_ready(third)
        assert office.query("SELECT count(*) FROM kept") == [(0,)]


@pytest.mark.fault
def test_a_killed_user_does_not_keep_the_servers(office: Office) -> None:
    with office.user() as user:
        office.wait_until_ready(user)
        user.send_signal(signal.SIGKILL)
    office.wait_until_stopped()
    assert not office.servers_run()


@pytest.mark.fault
def test_a_killed_keeper_is_replaced_without_disturbing_the_servers(office: Office) -> None:
    with office.user() as first:
        office.wait_until_ready(first)
        before = office.processes()
        before["keeper"].kill()
        office.wait_until_stopped()
        with office.user() as second:
            office.wait_until_ready(second)
            after = office.processes()
            assert after["keeper"] != before["keeper"]
            assert after["postgres"] == before["postgres"]
            assert after["valkey"] == before["valkey"]
    office.wait_until_stopped()
    assert not office.servers_run()


@pytest.mark.fault
def test_the_files_of_a_machine_that_was_switched_off_are_survived(office: Office) -> None:
    with office.user() as user:
        office.wait_until_ready(user)
        office.query("CREATE TABLE kept (word text)")
        running = office.processes()
        everything = [*running.values(), *running["postgres"].children(recursive=True)]
        for process in everything:
            process.kill()
        psutil.wait_procs(everything, timeout=30)
    # By now another process of the same account has the id that PostgreSQL left behind.
    with subprocess.Popen(["sleep", "60"], **spawn_as(Account.for_this_process())) as stranger:
        left = office.places.postgres_data / "postmaster.pid"
        left.write_text("\n".join([str(stranger.pid), *left.read_text().splitlines()[1:]]) + "\n")
        with office.user() as user:
            office.wait_until_ready(user)
            assert office.query("SELECT count(*) FROM kept") == [(0,)]
        stranger.kill()


@pytest.mark.parametrize("name", ["with space", "门诊统筹", "dollar$sign", "d" * 120])
def test_a_path_that_cannot_be_an_address_is_replaced_by_its_hash(name: str, tmp_path: Path) -> None:
    preferred = tmp_path / name
    places = Places.choose(preferred)
    other = Places.choose(tmp_path / "other name")
    try:
        assert places == Places.choose(preferred)
        assert places.state not in {preferred, other.state}
        assert places.sockets.is_dir()
        assert not preferred.exists()
    finally:
        shutil.rmtree(places.state)
        shutil.rmtree(other.state)


def test_a_folder_that_the_servers_cannot_enter_is_passed_over(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    # Started by root, the servers run under another account; started by anybody else, they cannot write here.
    closed.mkdir(mode=0o500)
    places = Places.choose(closed / "state")
    try:
        assert closed not in places.state.parents
        assert places.account is None or places.account.may("w", places.sockets)
    finally:
        shutil.rmtree(places.state)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["help"], True),
        (["makemessages", "-l", "zh_Hans"], True),
        (["migrate", "--help"], True),
        (["check", "--fail-level", "WARNING"], True),
        (["check", "--database", "default"], False),
        (["makemigrations", "--check"], False),
        (["demo"], False),
    ],
)
def test_only_commands_that_need_the_servers_start_them(arguments: list[str], expected: bool) -> None:
    assert needs_no_server(["/somewhere/manage.py", *arguments]) is expected
    assert not needs_no_server(["/somewhere/celery", *arguments])
