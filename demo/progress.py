"""What takes longer than two seconds says how far it is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TELL_AFTER_SECONDS = 1.5


@contextmanager
def progress(say: Callable[[str], None], what: str, total: int = 0) -> Iterator[Callable[[], None]]:
    """What it yields is called once for each step that is done, or now and then where there are none to count.

    total: how many steps there are, 0 where nobody knows.
    """
    began = told = time.monotonic()
    done = 0

    def step() -> None:
        nonlocal done, told
        done += 1
        now = time.monotonic()
        if now - told >= TELL_AFTER_SECONDS:
            told = now
            far = f"{done} of {total}, " if total else ""
            say(f"  {what}: {far}{now - began:.0f} seconds")

    yield step
