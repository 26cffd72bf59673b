"""Workers that are killed while they simulate: others go on with the report, and nothing else was written."""

import json
from typing import Any

import pytest

from tests.faults.hold import hold_table
from tests.faults.house import House
from tests.processes import kill_all, wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.fault]

# What the credits of a part are read from, once its visits are calculated.
_READ_LAST = "members_contribution"
# The clock clears what the check of a run found once the run is posted.
_CLEARED = "accounts_checkedcredit"


def books(house: House) -> dict[str, Any]:
    """A digest of every table of claims and of the ledger."""
    tables = house.rows(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND (table_name LIKE 'claims\\_%%' OR table_name LIKE 'accounts\\_%%')"
    )
    assert len(tables) > 20
    digest = "SELECT count(*), md5(string_agg(each::text, '' ORDER BY each::text)) FROM {} AS each"
    return {name: house.rows(digest.format(name)) for (name,) in tables if name != _CLEARED}


def parts(house: House, simulation: str) -> list[str]:
    """The states of its parts."""
    statement = "SELECT state FROM simulation_simulationpart WHERE simulation_id = %s ORDER BY id"
    return [state for (state,) in house.rows(statement, simulation)]


def state_of(house: House, simulation: str) -> str:
    return str(house.value("SELECT state FROM simulation_simulation WHERE id = %s", simulation))


def assert_done_as_undisturbed(house: House, simulation: str) -> None:
    """The report is there, and says what one in a single process says, and what is worked out by hand.

    Pingliang, 400.00 at a primary institution, 200.00 of them the deductible: 70 % for a retiree, 65 % for an employee.
    """
    wait_for(lambda: state_of(house, simulation) == "done", "The simulation is not done.")
    report = json.loads(house.move("report", simulation))
    assert report == json.loads(house.move("report", house.move("simulate_undisturbed", simulation)))
    paid = {status: [cell[0], *cell[2:4]] for status, cell in report["result"]["dimensions"]["status"].items()}
    assert paid == {"retired": [2, "280.00", "300.00"], "active": [2, "260.00", "280.00"]}
    assert report["result"]["check"]["differing"] == 0
    assert len(report["changes"]) == 4
    assert report["job"][:3] == ["done", 2, 2]
    assert report["parts"] == 0


@pytest.mark.parametrize("is_told", [True, False], ids=["the messages stay", "the broker is emptied"])
def test_a_worker_killed_in_mid_part(house: House, is_told: bool) -> None:
    simulation = house.move("simulate")
    before = books(house)
    assert parts(house, simulation) == ["done", "waiting"]
    with hold_table(house, _READ_LAST) as held:
        worker = house.start_worker("first")
        held.wait_until_stopped(1)
        worker.kill()
        if not is_told:
            house.broker.flushall()
    held.wait_until_abandoned()
    assert (state_of(house, simulation), parts(house, simulation)) == ("running", ["done", "waiting"])
    house.start_worker("another")
    assert_done_as_undisturbed(house, simulation)
    assert books(house) == before


def test_the_process_of_a_worker_killed_in_mid_part(house: House) -> None:
    """The worker itself stays, and goes on with another process."""
    simulation = house.move("simulate")
    before = books(house)
    with hold_table(house, _READ_LAST) as held:
        worker = house.start_worker("first")
        held.wait_until_stopped(1)
        kill_all(worker.children())
    assert_done_as_undisturbed(house, simulation)
    assert worker.runs
    assert books(house) == before
