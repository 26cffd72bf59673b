"""What the clock does, from what the rooms declare."""

from datetime import timedelta
from typing import Any

from agency.declarations import declared
from agency.schedule import Periodic


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Every installed room's periodic tasks, as Celery's beat reads them."""
    entries: list[Periodic] = declared("schedule")
    return {
        each.purpose: {"task": each.task.name, "schedule": each.when, "options": _options(each)} for each in entries
    }


def _options(entry: Periodic) -> dict[str, Any]:
    # What no worker has taken by the next tick is left to it, or they would all be done at once.
    return {"expires": entry.when.total_seconds()} if isinstance(entry.when, timedelta) else {}
