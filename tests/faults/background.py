"""Workers and the clock as processes, and waiting for what they do."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

# A fault is over in seconds. Two busy cores may take a multiple of that.
PATIENCE_SECONDS = 90
_LOOK_EVERY = 0.05
_LAST_CHARACTERS = 4000


def wait_for(condition: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once the condition holds; AssertionError with the sentence when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{otherwise} It was given {seconds:.0f} seconds."
        time.sleep(_LOOK_EVERY)


@dataclass
class Background:
    """A worker or a beat, and what it wrote."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def children(self) -> list[psutil.Process]:
        """The processes in which a worker does its tasks."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def kill(self) -> None:
        """`kill -9`, the process and its children, as the kernel does it when memory is short."""
        if not self.runs:
            return
        for each in [psutil.Process(self.process.pid), *self.children()]:
            each.kill()
        self.process.wait()

    def said(self) -> str:
        """The end of what it wrote."""
        return f"--- {self.name}\n{self.log.read_text(errors='replace')[-_LAST_CHARACTERS:]}\n"
