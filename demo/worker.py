"""A real Celery worker beside the demonstration, for as long as it runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from celery import current_app
from django.conf import settings

from demo.progress import progress

_CONCURRENCY = 2
_START_SECONDS = 90
_STOP_SECONDS = 30
_PING_SECONDS = 1.0
_LOOK_EVERY = 0.2
_TAIL_LINES = 15


class WorkerFailed(Exception):
    """The worker ended, or did not do its work in time; the text says so and has the end of its log."""


class Worker:
    """`with Worker(log) as worker:` — the worker answers when the block begins, and has ended after it."""

    def __init__(
        self,
        log: Path,
        environment: Mapping[str, str] | None = None,
        *,
        is_awaited: bool = True,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        """log: what the worker writes goes here. environment: its variables, if not this process's. is_awaited: False
        where the block begins while the worker still gets ready; what it is sent waits with the broker. say: hears how
        long it takes whenever somebody waits.
        """
        self.log = log
        self.is_awaited = is_awaited
        self.say = say
        self.is_dismissed = False
        self.environment = dict(os.environ if environment is None else environment)
        # A name of its own, so that another worker on the same broker does not answer for it.
        self.name = f"demo-{os.getpid()}@localhost"

    def __enter__(self) -> "Worker":
        """Start it and wait for its answer, if it is awaited. WorkerFailed if none comes."""
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--hostname", self.name]
        command += [f"--concurrency={_CONCURRENCY}", "--without-gossip", "--without-mingle"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is meant for the demonstration, which then stops the worker in its own time.
                start_new_session=True,
            )
        try:
            if self.is_awaited:
                self.wait_for(self.answers, "The worker does not answer.", _START_SECONDS)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def answers(self) -> bool:
        """Whether this very worker takes commands."""
        return bool(current_app.control.ping(destination=[self.name], timeout=_PING_SECONDS))

    def wait_for(self, done: Callable[[], bool], otherwise: str, seconds: float) -> None:
        """Return once `done` says so. WorkerFailed with `otherwise` when that takes longer, or the worker has ended."""
        deadline = time.monotonic() + seconds
        with progress(self.say, "The worker is at it") as still:
            while not done():
                still()
                self._check_on_time(deadline, otherwise, seconds)
                time.sleep(_LOOK_EVERY)

    def _check_on_time(self, deadline: float, otherwise: str, seconds: float) -> None:
        if self.process.poll() is not None:
            raise WorkerFailed(f"The worker ended with code {self.process.returncode}.\n{self.tail()}")
        if time.monotonic() > deadline:
            raise WorkerFailed(f"{otherwise} It was given {seconds:.0f} seconds.\n{self.tail()}")

    def tail(self) -> str:
        """The end of the worker's log."""
        lines = self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return "\n".join([f"The end of {self.log}:", *lines])

    def dismiss(self) -> None:
        """Let it finish what it does, then end; nobody waits for that yet."""
        if self.process.poll() is None and not self.is_dismissed:
            self.is_dismissed = True
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Let it finish what it does, then end; after a while end it without asking."""
        self.dismiss()
        if self.process.poll() is not None:
            return
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
