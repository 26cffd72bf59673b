"""Workers and the clock as processes, and waiting for what they do."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.processes import kill_all

_LAST_CHARACTERS = 4000


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
        kill_all([psutil.Process(self.process.pid), *self.children()])
        self.process.wait()

    def said(self) -> str:
        """The end of what it wrote."""
        return f"--- {self.name}\n{self.log.read_text(errors='replace')[-_LAST_CHARACTERS:]}\n"
