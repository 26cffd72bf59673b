"""Simulations that wait for whoever asked for them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from agency.admin.worklist import Queue, Turn, its_state
from policies.models import VersionState
from simulation.models import Simulation, SimulationState


def _own_of_drafts(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """The newest of each draft that is not submitted: somebody goes on with what it says."""
    newer = Simulation.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
    own = scope.filter(asked_by=user, version__state=VersionState.DRAFT)
    return own.exclude(state=SimulationState.CANCELLED).filter(~Exists(newer)).select_related("version").order_by("pk")


QUEUES: tuple[Queue, ...] = (
    Queue(
        Turn.GO_ON,
        Simulation,
        "simulation.add_simulation",
        _own_of_drafts,
        its_state,
        lambda row: row.asked_at,
        is_own=True,
    ),
)
