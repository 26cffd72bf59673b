"""A simulation in the large town: what people do for it, and what has to be there when a fault is over."""

import json
from datetime import date
from typing import Any

from members.models import Member
from policies.engine.vocabulary import InsuredStatus
from policies.models import PolicyVersion
from simulation.models import Simulation
from simulation.services.runs import begin, perform_part
from tests import builder
from tests.builder.settlements import settled
from tests.builder.simulations import asked, done, draft_of, raised
from tests.faults.expectations import FEBRUARY, LARGE, MARCH

SEEN = date(2023, 3, 10)


def simulate() -> str:
    """Two retirees, in the first part, and two employees, in the last one, were treated; a draft pays all five points
    more. It is asked what it costs, and the first part is done. The simulation's id.
    """
    region = builder.region(LARGE.slug)
    officer = builder.staff("officer")
    members = Member.objects.filter(region=region).order_by("pk")
    for member in (*members[:2], *members.reverse()[:2]):
        settled(member, "400.00", served_on=SEEN)
    law = PolicyVersion.objects.get(region=region)
    draft = draft_of(law, officer)
    for status in InsuredStatus:
        raised(draft, officer, "0.05", status)
    simulation = _asked(draft)
    begin(simulation.job)
    assert perform_part(simulation.pk)
    return str(simulation.pk)


def simulate_undisturbed(simulation_id: str) -> str:
    """The same once more, from the first part to the last in one process. Its id."""
    return str(done(_asked(Simulation.objects.get(pk=simulation_id).version)).pk)


def _asked(draft: PolicyVersion) -> Simulation:
    return asked(draft, first_month=FEBRUARY, last_month=MARCH)


def report(simulation_id: str) -> str:
    """All that a simulation came to, as JSON."""
    simulation = Simulation.objects.select_related("job").get(pk=simulation_id)
    changes: Any = simulation.changes.values_list(
        "place", "claim", "before", "after", "calculation_before", "calculation_after"
    )
    told = {
        "state": simulation.state,
        "job": [simulation.job.state, simulation.job.done, simulation.job.total, simulation.job.result],
        "result": simulation.result,
        "changes": [[str(value) for value in change] for change in changes],
        "parts": simulation.parts.count(),
    }
    return json.dumps(told, sort_keys=True)
