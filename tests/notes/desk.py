"""A region where colleagues write to each other."""

from typing import Any

import pytest

from agency.models import PoolingRegion, Role
from notes.models import Note, Task
from notes.services.notes import write_note
from tests import builder


class Desk:
    """A region with a member, a clerk who writes and colleagues of every kind."""

    def __init__(self) -> None:
        self.region = builder.region("kaifeng")
        self.member = builder.insured(self.region)
        self.clerk = builder.staff("chen_xiao", Role.CLERK, region=self.region, display_name="陈晓（经办）")
        self.supervisor = builder.staff("zhou_ning", Role.SUPERVISOR, region=self.region, display_name="周宁")
        self.everywhere = builder.staff("zheng_ping", Role.FINANCE, display_name="郑平（财务）")
        self.auditor = builder.staff("feng_qing", Role.AUDITOR, region=self.region, display_name="冯清")
        self.away = builder.staff(
            "wang_wei_away", Role.CLERK, region=PoolingRegion.objects.get(slug="dazhou"), display_name="王伟"
        )

    def write(self, text: str, **more: Any) -> Note:
        return write_note(self.member, text=text, author=self.clerk, **more)

    def asked(self, text: str, **more: Any) -> list[str]:
        """The logins of those who get a task by a text."""
        return list(self.write(text, **more).tasks.order_by("pk").values_list("assignee__username", flat=True))


@pytest.fixture(name="desk")
def a_desk(db: None) -> Desk:
    return Desk()


@pytest.fixture(name="task")
def a_task(desk: Desk) -> Task:
    """The supervisor's, which the clerk's note gave."""
    found: Task = desk.write("@周宁 请复核").tasks.get()
    return found
