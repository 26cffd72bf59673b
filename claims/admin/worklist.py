"""What waits for somebody about claims."""

from typing import Any

from django.db.models import QuerySet

from agency.admin.worklist import Queue, Turn, decided_by_another, its_state
from claims.models import BatchState, ResettlementBatch, Reversal


def _drafts(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return scope.filter(state=BatchState.DRAFT).select_related("version__region").order_by("pk")


QUEUES = (
    decided_by_another(Reversal, "settlement__claim"),
    decided_by_another(ResettlementBatch, "version__region"),
    Queue(Turn.GO_ON, ResettlementBatch, "claims.change_resettlementbatch", _drafts, its_state),
)
