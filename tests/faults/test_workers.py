"""Workers that are killed while they post: others finish what they began, and nobody is credited twice."""

import pytest

from tests.faults.books import (
    assert_books_hold,
    assert_each_credited_once,
    assert_only_posted,
    march_run,
    wait_until_posted,
)
from tests.faults.expectations import LARGE
from tests.faults.hold import hold
from tests.faults.house import House
from tests.processes import kill_all

pytestmark = [pytest.mark.django_db, pytest.mark.fault]


@pytest.mark.parametrize("names", [["first"], ["first", "second"]], ids=["one", "two"])
def test_workers_killed_in_mid_chunk(house: House, names: list[str]) -> None:
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    # One chunk is posted, each worker is in the middle of another, and the last one still lies in the broker.
    with hold(house, run, *range(1, len(names) + 1)) as held:
        workers = house.start_workers(*names)
        held.wait_until_stopped(len(names))
        for worker in workers:
            worker.kill()
    held.wait_until_abandoned()
    assert_only_posted(house, run, chunks=1)
    house.start_worker("another")
    wait_until_posted(house, run)
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)


def test_the_process_of_a_worker_killed_in_mid_chunk(house: House) -> None:
    """The worker itself stays, and goes on with another process."""
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    with hold(house, run, 1) as held:
        worker = house.start_worker("first")
        held.wait_until_stopped(1)
        kill_all(worker.children())
    wait_until_posted(house, run)
    assert worker.runs
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)
