"""The keeper: starts the embedded servers, waits until their last user has gone, stops them.

Run by ``development.embedded.membership`` as ``python -m development.embedded.keeper STATE LOCK``, where LOCK is the
number of an open file that carries the keeper's lock.
"""

import fcntl
import os
import sys
from pathlib import Path

from development.embedded import postgres, valkey
from development.embedded.membership import open_lock
from development.embedded.places import Account, EmbeddedServersUnavailable, Places


def main(state: str, keeper_lock: str) -> None:
    places = Places(Path(state), Account.for_this_process())
    # Opened here and not inherited: the lock of an inherited file would be the starter's own.
    users = open_lock(places.users_lock)
    try:
        valkey.launch(places)
        postgres.start(places)
        valkey.wait_until_ready(places)
    except EmbeddedServersUnavailable as reason:
        _stop(places)
        sys.exit(str(reason))
    places.ready.touch()
    if os.fork():
        # The process that started the keeper waits for this one only.
        os._exit(0)
    _detach(places)
    fcntl.flock(users, fcntl.LOCK_EX)
    places.ready.unlink(missing_ok=True)
    _stop(places)
    # In this order: whoever gets the users' lock next must find that there is no keeper.
    os.close(int(keeper_lock))
    os.close(users)


def _stop(places: Places) -> None:
    valkey.stop(places)
    postgres.stop(places)


def _detach(places: Places) -> None:
    """Let go of the terminal and of the pipe that the starter reads."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


if __name__ == "__main__":
    main(*sys.argv[1:])
