"""What waits for somebody about providers' live settlements: books that do not agree."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from agency.admin.worklist import Queue, Turn
from interface.models import Reconciliation


def _undecided(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    waits = Q(rows__decided_by__isnull=True, rows__agrees=False, rows__isnull=False)
    return scope.filter(waits).select_related("provider").annotate(undecided=Count("rows")).order_by("pk")


QUEUES = (
    Queue(
        Turn.REVIEW,
        Reconciliation,
        "interface.change_reconciliationrow",
        _undecided,
        lambda row: _("differences to decide: %(count)s") % {"count": f"{row.undecided:,}"},
        lambda row: row.compared_at,
    ),
)
