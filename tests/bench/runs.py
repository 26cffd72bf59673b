"""Credit runs from draft to posted by the services and real workers, with the time that each part takes."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from accounts.models import CreditRun, RunState
from accounts.services.credit_checks import request_check
from accounts.services.credit_runs import approve_run, draft_run, last_day_of_month, submit_run
from agency.models import PoolingRegion, User
from demo.worker import Worker

# A million members on a slow machine.
_PATIENCE_SECONDS = 3600
_LOOK_EVERY_SECONDS = 0.02


@dataclass(frozen=True)
class Posted:
    """A posted run; seconds of its check, and from its approval until it was posted."""

    run: CreditRun
    checking: float
    posting: float


@dataclass(frozen=True)
class Desk:
    """Two people and the worker."""

    region: PoolingRegion
    finance: User
    supervisor: User
    worker: Worker

    def prepare(self, month: date) -> tuple[CreditRun, float]:
        """Draft, check and submit a run; returns it, and the seconds from asking for the check to its result."""
        run = draft_run(self.region, month=month, as_of=last_day_of_month(month), actor=self.finance)
        began = time.monotonic()
        request_check(run, actor=self.finance)
        self._wait(run, RunState.CHECKED)
        checking = time.monotonic() - began
        return submit_run(run, actor=self.finance), checking

    def approve(self, run: CreditRun) -> float:
        """Approve a run; returns the seconds until it was posted."""
        began = time.monotonic()
        approve_run(run, actor=self.supervisor)
        self._wait(run, RunState.POSTED)
        return time.monotonic() - began

    def _wait(self, run: CreditRun, state: RunState) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            run.refresh_from_db()
            if run.state == state:
                return
            self._complain(run, deadline)
            time.sleep(_LOOK_EVERY_SECONDS)

    def _complain(self, run: CreditRun, deadline: float) -> None:
        if run.job is not None and run.job.state == "failed":
            raise RuntimeError(f"{run}: {run.job.log}")
        if self.worker.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{run} is {run.state} and stays so.\n{self.worker.tail()}")

    def peak_memory(self) -> list[int]:
        """The most memory that each of the worker's processes ever held, MB; the parent first."""
        parent = psutil.Process(self.worker.process.pid)
        return [peak(process.pid) for process in (parent, *parent.children(recursive=True))]


def peak(pid: int) -> int:
    """The most memory that a process ever held, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024
