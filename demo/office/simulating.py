"""What drafts would have cost: looked at by whoever decides on the one that waits, and by whoever still writes."""

from datetime import date

from agency.models import Role
from demo.office.house import Office
from demo.office.law import BEING_WRITTEN_IN, DRAFTED_IN
from policies.models import PolicyVersion, VersionState
from simulation.models import Simulation
from simulation.services.runs import begin, perform_part
from simulation.services.simulations import request_simulation


def simulate_drafts(office: Office) -> None:
    """The draft that waits for its second person, and the one that is being written, over the year that was served."""
    if Simulation.objects.exists():
        return
    first, last = office.calendar.served[0], office.calendar.served[-1]
    for slug, state in ((DRAFTED_IN, VersionState.SUBMITTED), (BEING_WRITTEN_IN, VersionState.DRAFT)):
        version = PolicyVersion.objects.filter(region=office.regions[slug], state=state).order_by("pk").first()
        if version is not None:
            _simulate(office, version, first, last)


def _simulate(office: Office, version: PolicyVersion, first: date, last: date) -> None:
    asked = request_simulation(
        version, first_month=first, last_month=last, today=office.today, actor=office.first(Role.POLICY_OFFICER)
    )
    # Done at once, so that the report is there whoever serves the office; the workers find nothing left.
    begin(asked.job)
    while perform_part(asked.pk):
        pass
