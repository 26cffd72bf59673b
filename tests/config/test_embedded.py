"""The embedded servers: one pair for everybody who needs them, gone when the last of them has gone."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from development.embedded.offline import needs_no_server
from development.embedded.places import Account, Places, spawn_as
from tests.processes import kill_all
from tests.servers import Servers, separate_servers


@pytest.fixture
def office() -> Iterator[Servers]:
    with separate_servers() as servers:
        yield servers


@pytest.mark.concurrency
def test_processes_that_start_together_share_one_pair_of_servers(office: Servers) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(office.user()) for _ in range(3)]
        for user in users:
            office.wait_until_ready(user)
        assert set(office.processes()) == {"keeper", "postgres", "valkey"}
        assert office.query("SHOW fsync") == [("on",)]
    office.wait_until_stopped()
    assert not office.servers_run()


def test_the_servers_stay_while_anybody_uses_them_and_keep_their_data(office: Servers) -> None:
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
def test_a_killed_user_does_not_keep_the_servers(office: Servers) -> None:
    with office.user() as user:
        office.wait_until_ready(user)
        user.send_signal(signal.SIGKILL)
    office.wait_until_stopped()
    assert not office.servers_run()


@pytest.mark.fault
def test_a_killed_keeper_is_replaced_without_disturbing_the_servers(office: Servers) -> None:
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
def test_the_files_of_a_machine_that_was_switched_off_are_survived(office: Servers) -> None:
    with office.user() as user:
        office.wait_until_ready(user)
        office.query("CREATE TABLE kept (word text)")
        running = office.processes()
        everything = [*running.values(), *running["postgres"].children(recursive=True)]
        kill_all(everything)
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
