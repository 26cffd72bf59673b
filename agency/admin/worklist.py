"""What waits for a person, as rooms declare it, and what waits in this room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.permissions import may
from agency.models import FourEyes, PoolingRegion, RoleRequest
from agency.models.process import SUBMITTED, Whose
from agency.scoping import of_region, scoped
from agency.selectors.counting import COUNTED, counts_of
from agency.services.roles import DECIDE

# Of each queue so many are listed; on a page that shows all queues, the first of them, and so many rows of these
# together: neither its questions nor its weight grow with what waits.
SHOWN, LISTED_QUEUES, SHOWN_TOGETHER = 20, 12, 60


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


TURNS = {
    Turn.DECIDE_LATE: gettext_lazy("decide, overdue"),
    Turn.DECIDE: gettext_lazy("decide"),
    Turn.LATE: gettext_lazy("finish, overdue"),
    Turn.CAME_BACK: gettext_lazy("go on with what came back"),
    Turn.ASKED: gettext_lazy("answer a colleague"),
    Turn.GO_ON: gettext_lazy("go on with what was begun"),
    Turn.PAY: gettext_lazy("pay"),
    Turn.RECOVER: gettext_lazy("recover"),
    Turn.REVIEW: gettext_lazy("review differences"),
    Turn.FLAG: gettext_lazy("look into"),
}
_OVERDUE = (Turn.DECIDE_LATE, Turn.LATE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that somebody has to go on with. `due`: the last day of its time limit, None where it has none."""

    what: str
    obj: Any
    state: str
    since: Any
    due: date | None = None
    queue: "Queue | None" = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows that wait for whoever holds a permission.

    `rows` narrows those of the person's regions and puts them in order, what is due or waits longest first; `state`
    says in words why one waits, `since` since when, and `due` until when, where the law or the office sets a limit.
    """

    turn: Turn
    model: type[Model]
    permission: str
    rows: Callable[[QuerySet[Any], Any], QuerySet[Any]]
    state: Callable[[Any], str]
    since: Callable[[Any], Any] = lambda row: row.submitted_at
    due: Callable[[Any], date | None] = lambda row: None
    # Whether it holds what the person began alone: nobody else can take that.
    is_own: bool = False

    def rows_for(self, user: Any, region: PoolingRegion | None = None) -> QuerySet[Any]:
        """All of them, in one region or in all of the person's; none without the permission."""
        rows = self.model._default_manager.all()
        if not may(user, self.permission):
            return rows.none()
        return self.rows(of_region(scoped(rows, user, self.permission), region), user)

    def waiting(self, row: Any) -> Waiting:
        return Waiting(str(self.model._meta.verbose_name), row, self.state(row), self.since(row), self.due(row), self)


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits in one queue: how many, and the first of them, where they are listed. Beyond COUNTED nobody counts
    (`is_more`).
    """

    queue: Queue
    count: int
    first: Sequence[Waiting]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED

    @property
    def is_overdue(self) -> bool:
        """Whether all of them should have been finished by now; of other queues none should."""
        return self.queue.turn in _OVERDUE

    @property
    def oldest(self) -> Any:
        """Since when the one waits that has waited longest, among the first; None where no row says so."""
        return min((each.since for each in self.first if each.since is not None), default=None)


def waits_of(
    queues: Sequence[Queue], user: Any, region: PoolingRegion | None = None, *, together: bool = False
) -> list[Waits]:
    """The queues in which something waits for the person: one query that counts them all, and one for each of them.

    No queue is read beyond COUNTED rows, however long it is. together: for one page, so that only the first
    LISTED_QUEUES are listed, and of these SHOWN_TOGETHER rows.
    """
    asked = [(queue, queue.rows_for(user, region)) for queue in queues if may(user, queue.permission)]
    counts = counts_of(user, [rows for _queue, rows in asked])
    waiting = [(*each, count) for each, count in zip(asked, counts, strict=True) if count]
    listed = min(len(waiting), LISTED_QUEUES) if together else len(waiting)
    shown = min(SHOWN, SHOWN_TOGETHER // listed) if together and listed else SHOWN
    return [
        Waits(queue, count, [queue.waiting(row) for row in rows[:shown]] if place < listed else ())
        for place, (queue, rows, count) in enumerate(waiting)
    ]


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
