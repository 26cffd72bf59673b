"""The same thing done twice at the same time."""

import pytest

from tests.faults.books import (
    assert_books_hold,
    assert_each_credited_once,
    march_run,
    posted_chunks,
    state_of,
    wait_until_posted,
)
from tests.faults.expectations import LARGE, SMALL
from tests.faults.hold import hold, hold_run
from tests.faults.house import House, outcome
from tests.processes import wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.concurrency]


def test_a_run_started_twice(house: House) -> None:
    """Every chunk is sent twice: a worker passes by the one that the other is posting, and those that are posted."""
    run = march_run(house, LARGE)
    assert house.move("approve", run) == "posting"
    assert house.move("start", run) == "sent"
    with hold(house, run, 0) as held:
        house.start_workers("first", "second")
        held.wait_until_stopped(1)
        wait_for(lambda: posted_chunks(house, run) == 3, "The other worker does not go on.")
        wait_for(lambda: house.messages() == 1, "The other worker waits for the first one.")
        assert state_of(house, run) == "posting"
    wait_until_posted(house, run)
    assert_each_credited_once(house, run, LARGE)
    assert_books_hold(house)


@pytest.mark.parametrize(
    ("click", "outcomes"),
    [("approve", ["MoveNotAllowed", "posting"]), ("press_approve", ["200", "302"])],
    ids=["service", "page"],
)
def test_an_approval_clicked_twice(house: House, click: str, outcomes: list[str]) -> None:
    """One wins; the other is told so, on the page by the form that is shown again."""
    run = march_run(house, SMALL)
    with hold_run(house, run) as held:
        clicks = [house.begin_move(click, run) for _ in range(2)]
        # Both have read the run as it was submitted, or are about to.
        held.wait_until_stopped(2)
    assert sorted(outcome(each) for each in clicks) == outcomes
    house.start_worker("first")
    wait_until_posted(house, run)
    assert_each_credited_once(house, run, SMALL)
    assert_books_hold(house)
