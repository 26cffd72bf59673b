"""What waits for somebody about the law."""

from typing import Any

from django.db.models import QuerySet

from agency.admin.worklist import Queue, Turn, decided_by_another, its_state
from policies.models import AveragePension, LocalFigure, PolicyVersion, VersionState


def _own_drafts(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return scope.filter(state=VersionState.DRAFT, drafted_by=user).select_related("region").order_by("pk")


QUEUES = (
    decided_by_another(PolicyVersion, "region"),
    decided_by_another(LocalFigure, "region"),
    decided_by_another(AveragePension, "region"),
    Queue(Turn.GO_ON, PolicyVersion, "policies.change_policyversion", _own_drafts, its_state, is_own=True),
)
