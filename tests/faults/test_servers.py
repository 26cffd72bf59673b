"""The database stopped, the broker emptied, the power cut, while a run is being posted."""

import pytest

from tests.faults.books import (
    assert_books_hold,
    assert_each_credited_once,
    assert_only_posted,
    march_run,
    wait_until_posted,
)
from tests.faults.expectations import LARGE, SMALL
from tests.faults.hold import hold
from tests.faults.house import House
from tests.processes import wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.fault]


def test_postgres_stopped_in_mid_chunk_and_started(house: House) -> None:
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    with hold(house, run, 1) as held:
        worker = house.start_worker("first")
        held.wait_until_stopped(1)
        house.stop_postgres()
    # The worker has tried, and lost, every chunk that was left.
    wait_for(lambda: house.messages() == 0, "The worker does not go on to the next message.")
    house.start_postgres()
    assert_only_posted(house, run, chunks=1)
    wait_until_posted(house, run)
    assert worker.runs
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)


def test_the_broker_emptied_in_mid_run(house: House) -> None:
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    with hold(house, run, 1) as held:
        worker = house.start_worker("first")
        held.wait_until_stopped(1)
        # The chunk that is being posted and the two that wait.
        assert house.messages() >= 3
        house.broker.flushall()
    wait_until_posted(house, run)
    assert worker.runs
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)


def test_the_broker_emptied_before_a_worker_has_heard_of_the_run(house: House) -> None:
    run = march_run(house, SMALL)
    assert house.move("approve", run) == "posting"
    assert house.messages() >= 1
    house.broker.flushall()
    house.start_worker("first")
    wait_until_posted(house, run)
    assert_each_credited_once(house, run, SMALL)
    assert_books_hold(house)


def test_the_broker_stopped_before_an_approval_and_started(house: House) -> None:
    """The approval holds, though nobody could be told of it."""
    run = march_run(house, SMALL)
    worker = house.start_worker("first")
    house.stop_broker()
    assert house.move("approve", run) == "posting"
    house.start_broker()
    wait_until_posted(house, run)
    assert worker.runs
    assert_each_credited_once(house, run, SMALL)
    assert_books_hold(house)


def test_the_power_cut_in_mid_chunk(house: House) -> None:
    """Everything ends at once; what the broker had not yet written to its disk is lost."""
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    with hold(house, run, 1) as held:
        house.start_worker("first")
        held.wait_until_stopped(1)
        house.cut_power()
    house.restore_power()
    assert_only_posted(house, run, chunks=1)
    house.start_worker("first")
    wait_until_posted(house, run)
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)
