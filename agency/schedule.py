"""What the clock sends. A room lists it beside its tasks and declares the list (`agency.declarations`).

Each task finds its own work and does nothing where there is none, so that a beat that was away misses nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task, what it is for in words, and when: at hours of the office's time zone, or again after so long."""

    purpose: str
    task: Any
    when: crontab | timedelta
