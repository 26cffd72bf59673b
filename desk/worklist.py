"""What waits for a person, from all rooms."""

from collections.abc import Sequence
from typing import Any

from agency.admin.worklist import Queue, Waiting, Waits, waits_of
from agency.declarations import declared
from agency.models import PoolingRegion


def waits_for(user: Any, region: PoolingRegion | None = None, *, together: bool = False) -> list[Waits]:
    """Kind by kind: turn by turn, and within one in the order of the rooms. together: no more than fits on one page."""
    queues: list[Queue] = sorted(declared("worklist"), key=lambda queue: queue.turn)
    return waits_of(queues, user, region, together=together)


def waiting_for(user: Any, region: PoolingRegion | None = None) -> Sequence[Waiting]:
    """The first of each kind, in the same order."""
    return [each for waits in waits_for(user, region) for each in waits.first]
