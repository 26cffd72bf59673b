"""Workers do a simulation part by part, each in one transaction; what a lost worker left undone is done again, once."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from celery import current_app
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.models import Job
from agency.services.jobs import fail_job, finish_job, start_job
from policies.engine.policy import Policy
from simulation.models import PartState, Simulation, SimulationPart, SimulationState
from simulation.selectors.law import Law, law_of
from simulation.selectors.visits import settled_visits
from simulation.services.credits import credits_of
from simulation.services.largest import keep_largest
from simulation.services.replay import replay
from simulation.services.simulations import after_last_day, is_stale
from simulation.services.tallies import Tally, added_up

PART_TASK = "simulation.tasks.simulate_part"
# Visits and members of a part together: a second or two of work, and little memory.
PART_SIZE = 10_000
# So many parts at most are worked on at once, whatever workers there are; between two of them others get a turn.
LANES = 8

_CUT = """
INSERT INTO simulation_simulationpart (simulation_id, first_member, last_member, state, result)
SELECT %(simulation)s, min(id), max(id), 'waiting', '{}'::jsonb
FROM (
    SELECT member.id, (sum(1 + coalesce(visited.count, 0)) OVER (ORDER BY member.id) - 1)::bigint / %(size)s AS part
    FROM members_member AS member
    LEFT JOIN (
        SELECT member_id, count(*) FROM claims_settlement
        WHERE served_on BETWEEN %(first_day)s AND %(last_day)s GROUP BY member_id
    ) AS visited ON visited.member_id = member.id
    WHERE member.region_id = %(region)s
) AS numbered
GROUP BY part ORDER BY part
"""


def years_of(simulation: Simulation) -> tuple[date, date]:
    """The first and the last day of the years that are calculated, as accumulators begin with a year."""
    return date(simulation.first_month.year, 1, 1), date(simulation.last_month.year, 12, 31)


# The law of the simulation that this process worked on last: it is the same for all of its parts.
_held: dict[tuple[Any, ...], Law] = {}


def law_of_simulation(simulation: Simulation) -> Law:
    """Both sides' rules on all days of its years."""
    key = (simulation.pk, simulation.asked_at)
    if key not in _held:
        first, last = years_of(simulation)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        end = after_last_day(simulation.last_month)
        inside = [day for day in days if simulation.first_month <= day < end]
        outside = [day for day in days if not simulation.first_month <= day < end]
        law = law_of(simulation.region, simulation.version, simulation.compared_with, inside, outside)
        _held.clear()
        _held[key] = law
    return _held[key]


def begin(job: Job) -> None:
    """Cut a simulation into parts, once, and send as many workers to them as may be at it; one that has ended stays."""
    with transaction.atomic():
        rows = Simulation.objects.select_for_update(of=("self",), no_key=True)
        simulation = rows.get(job=job)
        if simulation.state == SimulationState.QUEUED:
            simulation.state = SimulationState.RUNNING
            simulation.save(update_fields=["state"])
            start_job(job, total=_cut(simulation))
        if simulation.state == SimulationState.RUNNING:
            transaction.on_commit(lambda: _send(simulation.pk), robust=True)


def _cut(simulation: Simulation) -> int:
    """Disjoint ranges of the region's members; returns how many."""
    first, last = years_of(simulation)
    told = {"simulation": simulation.pk, "region": simulation.region_id, "size": PART_SIZE}
    with connection.cursor() as cursor:
        cursor.execute(_CUT, told | {"first_day": first, "last_day": last})
        return int(cursor.rowcount)


def _send(simulation_id: int) -> None:
    for _lane in range(LANES):
        # By name: tasks stand above services.
        current_app.send_task(PART_TASK, args=[simulation_id])


def perform_part(simulation_id: int) -> bool:
    """Do one part that nobody is at; False where there is none. The last one writes the report."""
    try:
        return _perform(simulation_id)
    except (OSError, OperationalError):
        # The database or the network is away: the task is tried again.
        raise
    except Exception:
        _fail(simulation_id, _("The simulation broke off because of a fault in the program. Start it again."))
        raise


@transaction.atomic
def _perform(simulation_id: int) -> bool:
    free = SimulationPart.objects.select_for_update(of=("self",), skip_locked=True)
    waiting = free.filter(
        simulation=simulation_id, state=PartState.WAITING, simulation__state=SimulationState.RUNNING
    ).select_related("simulation__region", "simulation__version__region", "simulation__compared_with__region")
    part = waiting.order_by("pk").first()
    if part is None:
        return False
    part.result, part.state = _calculated(part), PartState.DONE
    part.save(update_fields=["result", "state"])
    # Held until the commit, so that one of two last parts finds the other one done.
    simulation = Simulation.objects.select_for_update(of=("self",), no_key=True).get(pk=simulation_id)
    # Moved just now: the clock need not send anybody.
    Job.objects.filter(pk=simulation.job_id).update(done=F("done") + 1, sent_at=timezone.now())
    left = simulation.parts.filter(state=PartState.WAITING)
    if simulation.state == SimulationState.RUNNING and not left.exists():
        _finish(part.simulation)
    return True


@contextmanager
def _without_collector() -> Iterator[None]:
    """A part makes a million small objects and no circle; looking for circles among them would take longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def _calculated(part: SimulationPart) -> dict[str, Any]:
    simulation = part.simulation
    law = law_of_simulation(simulation)
    tally = Tally(compares_with_settled=simulation.compared_with_id is None)
    end = after_last_day(simulation.last_month)
    members = (part.first_member, part.last_member)
    with connection.cursor() as cursor:
        # What a part sorts stays in memory.
        cursor.execute("SET LOCAL work_mem = '32MB'")
    for visits in settled_visits(simulation.region_id, *members, *years_of(simulation)):
        tally.add(replay(visits, law), simulation.first_month, end)
    before: dict[date, Policy] = {}
    after: dict[date, Policy] = {}
    for month, last in _last_days(simulation).items():
        first, second = law.credits_by(last)
        before |= {month: first} if first is not None else {}
        after |= {month: second} if second is not None else {}
    return tally.stored() | {"credits": credits_of(simulation.region, members, simulation.as_of, before, after)}


def _last_days(simulation: Simulation) -> Mapping[date, date]:
    """The last day of each of its months, by the first."""
    months, month = {}, simulation.first_month
    while month <= simulation.last_month:
        following = after_last_day(month)
        months[month] = following - timedelta(days=1)
        month = following
    return months


def _finish(simulation: Simulation) -> None:
    """Add up the parts and keep the report; one whose version was edited meanwhile is of no version at all."""
    if is_stale(simulation):
        _end_failed(
            simulation,
            _("The version was edited while it was being simulated. Start the simulation again."),
        )
        return
    result = added_up(simulation.parts.order_by("pk").values_list("result", flat=True).iterator(chunk_size=20))
    keep_largest(simulation, result.pop("largest", []), law_of_simulation(simulation), years_of(simulation))
    simulation.result, simulation.state = result, SimulationState.DONE
    simulation.finished_at = timezone.now()
    simulation.save(update_fields=["result", "state", "finished_at"])
    simulation.parts.all().delete()
    check = result["check"]
    finish_job(simulation.job, {"visits": check["visits"], "differing": check["differing"]})


def _end_failed(simulation: Simulation, reason: str) -> None:
    simulation.state, simulation.finished_at = SimulationState.FAILED, timezone.now()
    simulation.save(update_fields=["state", "finished_at"])
    fail_job(simulation.job, reason)


@transaction.atomic
def _fail(simulation_id: int, reason: str) -> None:
    rows = Simulation.objects.select_for_update(of=("self",), no_key=True).select_related("job")
    simulation = rows.get(pk=simulation_id)
    if simulation.state == SimulationState.RUNNING:
        _end_failed(simulation, reason)
