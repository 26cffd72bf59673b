"""Workers simulate."""

from typing import Any

from celery import shared_task
from django.db import OperationalError

from agency.services.jobs import working_on
from simulation.services.runs import begin, perform_part

# Done again without effect: so a lost worker's task goes to another one, and the network's or the database's absence is
# waited for.
_REPEATABLE: dict[str, Any] = {
    "acks_late": True,
    "reject_on_worker_lost": True,
    "ignore_result": True,
    "autoretry_for": (OSError, OperationalError),
    "retry_backoff": True,
}


@shared_task(**_REPEATABLE)
def begin_simulation(job_id: int) -> None:
    """Cut a simulation into parts and send workers to them; the clock sends this again where nothing moves."""
    with working_on(job_id) as job:
        if job is not None:
            begin(job)


@shared_task(**_REPEATABLE)
def simulate_part(simulation_id: int) -> None:
    """Do one part, then ask for the next."""
    if perform_part(simulation_id):
        simulate_part.delay(simulation_id)
