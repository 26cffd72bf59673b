"""Review flags that nobody has decided."""

from typing import Any

from django.db.models import QuerySet

from agency.admin.worklist import Queue, Turn, for_your_decision
from monitoring.models import FlagState, ReviewFlag


def _open_flags(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return scope.filter(state=FlagState.OPEN).order_by("pk")


QUEUES = (
    Queue(
        Turn.FLAG,
        ReviewFlag,
        "monitoring.decide_reviewflag",
        _open_flags,
        for_your_decision,
        lambda flag: flag.raised_at,
    ),
)
