"""Joining the users of the embedded servers, and starting the keeper when there is none."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from development.embedded.places import Addresses, EmbeddedServersUnavailable, Places

_PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 120

_held: dict[Path, int] = {}
"""The lock of this process on each state directory, by path. Held until the process ends: closing one means
leaving.
"""


def ensure_running(preferred: Path) -> Addresses:
    """Return the servers' addresses once both answer; they stay up at least as long as this process.

    ``preferred`` is the state directory to use where it can be used. Calling it again is free. Raises
    EmbeddedServersUnavailable, with one sentence, when the servers do not start.
    """
    places = Places.choose(preferred)
    if places.state not in _held:
        _held[places.state] = _join(places)
    return places.addresses


def addresses(preferred: Path) -> Addresses:
    """Where the servers answer while they run; nothing is started."""
    return Places.choose(preferred).addresses


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = open_lock(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _join(places: Places) -> int:
    with _alone(places.start_lock):
        users = open_lock(places.users_lock)
        try:
            # Waits here while a keeper is stopping the servers, since it holds this lock exclusively then.
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure_keeper(places)
        except BaseException:
            os.close(users)
            raise
    return users


def _ensure_keeper(places: Places) -> None:
    keeper = open_lock(places.keeper_lock)
    try:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if places.ready.exists():
                return
            # A keeper that has withdrawn the mark is on its way out.
            fcntl.flock(keeper, fcntl.LOCK_EX)
        _start_keeper(places, keeper)
    finally:
        os.close(keeper)


def _start_keeper(places: Places, keeper: int) -> None:
    """Run the keeper until it has detached itself, which it does once both servers answer.

    The lock on ``keeper`` passes to it with the open file, so it is never free in between.
    """
    places.ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "development.embedded.keeper", str(places.state), str(keeper)]
    try:
        outcome = subprocess.run(
            command,
            cwd=_PROJECT,
            env=os.environ | {"PYTHONPATH": str(_PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=(keeper,),
            # Ctrl-C in the terminal is meant for the command, not for the servers that others may be using.
            start_new_session=True,
            timeout=_START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EmbeddedServersUnavailable(
            f"The embedded servers did not start within {_START_SECONDS} seconds: read the logs in {places.state}."
        ) from None
    if outcome.returncode != 0 or not places.ready.exists():
        reason = (outcome.stdout.strip().splitlines() or ["no reason was given"])[-1]
        raise EmbeddedServersUnavailable(f"The embedded servers did not start: {reason}")
