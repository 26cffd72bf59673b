"""The report of a simulation: its tables in the order of reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agency.admin.sections import Section
from simulation.admin.payments import dimension, in_all, projection
from simulation.admin.people import credits_by_kind, largest, limits, people, refusals
from simulation.models import Simulation
from simulation.services.tallies import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Report:
    """What a finished simulation says. `sections` in the order of reading."""

    simulation: Simulation
    sections: Sequence[Section] = field(default_factory=tuple)

    def section(self, name: str) -> Section | None:
        return next((each for each in self.sections if each.name == name), None)


def report_of(simulation: Simulation) -> Report:
    """The report; without sections while there is none."""
    if not simulation.result:
        return Report(simulation)
    result = simulation.result
    return Report(
        simulation,
        [
            in_all(result),
            projection(simulation),
            *(dimension(result, name) for name in DIMENSIONS),
            limits(result),
            people(result),
            *refusals(result),
            largest(simulation),
            credits_by_kind(result),
        ],
    )
