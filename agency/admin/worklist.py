"""What waits for a person, as rooms declare it, and what waits in this room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agency.admin.permissions import may
from agency.models import FourEyes, RoleRequest
from agency.models.process import SUBMITTED, Whose
from agency.scoping import scoped
from agency.services.roles import DECIDE

SHOWN = 20


class Turn(IntEnum):
    """What is looked at first: what is late, then what others wait for, last what stops nothing."""

    DECIDE_LATE = 1
    DECIDE = 2
    LATE = 3
    CAME_BACK = 4
    ASKED = 5
    GO_ON = 6
    PAY = 7
    RECOVER = 8
    REVIEW = 9
    FLAG = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that somebody has to go on with."""

    what: str
    obj: Any
    state: str
    since: Any


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows that wait for whoever holds a permission.

    `rows` narrows those of the person's regions and puts them in order; `state` says in words why one waits, and
    `since` since when.
    """

    turn: Turn
    model: type[Model]
    permission: str
    rows: Callable[[QuerySet[Any], Any], QuerySet[Any]]
    state: Callable[[Any], str]
    since: Callable[[Any], Any] = lambda row: row.submitted_at

    def waiting_for(self, user: Any) -> Iterable[Waiting]:
        """At most SHOWN of them; nothing without the permission."""
        if not may(user, self.permission):
            return
        rows = self.rows(scoped(self.model._default_manager.all(), user, self.permission), user)
        for row in rows[:SHOWN]:
            yield Waiting(str(self.model._meta.verbose_name), row, self.state(row), self.since(row))


def for_your_decision(row: Any) -> str:
    return _("for your decision")


def its_state(row: Any) -> str:
    """As its page calls it."""
    return str(row.get_state_display())


def waiting_for_another(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Submitted, and this person wrote no part of it; the oldest first."""
    return scope.filter(state=SUBMITTED).exclude(authors__contains=[user.pk]).order_by("submitted_at")


def decided_by_another(model: type[FourEyes], *related: str) -> Queue:
    """What others submitted and this person may decide."""
    decisions = (name for name, move in model.process.moves.items() if move.whose is Whose.ANOTHER)
    return Queue(
        Turn.DECIDE,
        model,
        model.permission_for(next(decisions)),
        lambda scope, user: waiting_for_another(scope, user).select_related(*related),
        for_your_decision,
    )


def _roles_of_others(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return waiting_for_another(scope, user).exclude(user=user).select_related("user", "region")


QUEUES: tuple[Queue, ...] = (Queue(Turn.DECIDE, RoleRequest, DECIDE, _roles_of_others, for_your_decision),)
