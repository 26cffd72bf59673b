"""What has to stand in the books when a fault is over."""

from decimal import Decimal

from tests.faults.expectations import FEBRUARY, FULL_CHUNK, MARCH, Town
from tests.faults.house import House
from tests.processes import wait_for


def march_run(house: House, town: Town) -> int:
    """The town's run of March."""
    run: int = house.value(
        """
        SELECT run.id FROM accounts_creditrun AS run JOIN agency_poolingregion AS region ON region.id = run.region_id
        WHERE region.slug = %s AND run.month = %s
        """,
        town.slug,
        MARCH,
    )
    return run


def state_of(house: House, run: int) -> str:
    return str(house.value("SELECT state FROM accounts_creditrun WHERE id = %s", run))


def posted_chunks(house: House, run: int) -> int:
    """How many chunks are posted."""
    return int(house.value("SELECT count(*) FROM accounts_creditchunk WHERE run_id = %s AND state = 'posted'", run))


def assert_only_posted(house: House, run: int, chunks: int) -> None:
    """So many full chunks are in the books, and nothing of those that were begun."""
    assert state_of(house, run) == "posting"
    assert posted_chunks(house, run) == chunks
    entries = house.value("SELECT count(*) FROM accounts_ledgerentry WHERE cause = %s", f"credit_run:{run}")
    assert entries == chunks * FULL_CHUNK


def wait_until_posted(house: House, run: int) -> None:
    """Return once the run is posted, by workers and the clock alone."""
    wait_for(lambda: state_of(house, run) == "posted", "The run is not posted.")


def assert_each_credited_once(house: House, run: int, town: Town) -> None:
    """Every member of the town has one entry a month, the right balance, and the run says what it posted."""
    columns = "state, entry_count, amount, (SELECT count(*) FROM accounts_creditchunk WHERE run_id = run.id)"
    assert house.rows(f"SELECT {columns} FROM accounts_creditrun AS run WHERE id = %s", run) == [
        ("posted", town.members, town.amount, town.chunks)
    ]
    assert house.rows(
        "SELECT job.state, total, done FROM agency_job AS job JOIN accounts_creditrun AS run ON run.job_id = job.id "
        "WHERE run.id = %s",
        run,
    ) == [("done", town.chunks, town.chunks)]
    entries = house.rows(
        """
        SELECT month, count(*), count(DISTINCT (credit_id, component)), sum(amount)
        FROM accounts_ledgerentry AS entry JOIN agency_poolingregion AS region ON region.id = entry.region_id
        WHERE region.slug = %s AND kind = 'monthly_credit' GROUP BY month ORDER BY month
        """,
        town.slug,
    )
    months = [FEBRUARY, MARCH] if town.has_february else [MARCH]
    assert entries == [(month, town.members, town.members, town.amount) for month in months]
    assert _balances(house, town) == town.balances


def assert_books_hold(house: House) -> None:
    """Nothing else moved any money, and `verify_books` finds nothing wrong."""
    assert house.value("SELECT count(*) FROM accounts_ledgerentry WHERE kind <> 'monthly_credit'") == 0
    assert house.manage("verify_books") == 0


def _balances(house: House, town: Town) -> dict[Decimal, int]:
    found = house.rows(
        """
        SELECT balance, count(*)
        FROM accounts_ledgeraccount AS account JOIN agency_poolingregion AS region ON region.id = account.region_id
        WHERE region.slug = %s AND account.kind = 'personal' GROUP BY balance
        """,
        town.slug,
    )
    return dict(found)
