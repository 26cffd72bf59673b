"""What waits for a person, from all rooms."""

from collections.abc import Sequence
from typing import Any

from agency.admin.worklist import Queue, Waiting
from agency.declarations import declared


def waiting_for(user: Any) -> Sequence[Waiting]:
    """Turn by turn, and within one in the order of the rooms."""
    queues: list[Queue] = sorted(declared("worklist"), key=lambda queue: queue.turn)
    return [each for queue in queues for each in queue.waiting_for(user)]
