"""Who is at the office, on which day, and what they say."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agency.models import PoolingRegion, Role, User
from demo.population.calendar import Calendar
from demo.progress import progress
from demo.staff import Colleague


class DemoFailed(Exception):
    """The demonstration cannot go on; the text is for the person who started it."""


@dataclass(frozen=True)
class Office:
    """The staff at work on a day. `say` prints a line for the person who watches.

    `regions` by slug. What the office has only one of stands in the region that `a_region` names for it.
    """

    staff: dict[Role, list[Colleague]]
    calendar: Calendar
    regions: dict[str, PoolingRegion]
    say: Callable[[str], None] = field(default=lambda line: None)

    @property
    def today(self) -> date:
        return self.calendar.today

    def first(self, role: Role) -> User:
        return self.staff[role][0].user

    def second(self, role: Role) -> User:
        """Another one who has it, where there are two; otherwise the first."""
        return self.staff[role][-1].user

    @property
    def clerk(self) -> User:
        """Who sits at the counter."""
        return self.first(Role.CLERK)

    @property
    def supervisor(self) -> User:
        """Who decides what the counter submits."""
        return self.first(Role.SUPERVISOR)

    def by_clerk(self, reason: str) -> dict[str, Any]:
        """The counter's name under something, with a reason."""
        return {"actor": self.clerk, "reason": reason}

    def progress(self, what: str, total: int) -> AbstractContextManager[Callable[[], None]]:
        """Count so many steps; what takes longer than two seconds says how far it is."""
        return progress(self.say, what, total)
