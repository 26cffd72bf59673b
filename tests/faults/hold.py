"""Stopping a worker in the middle of a chunk, at a place of the test's choosing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.expectations import MARCH
from tests.faults.house import House
from tests.processes import wait_for

# A key is unique, so whoever writes it second waits for what becomes of the first.
_WRITE_FIRST = b"""
INSERT INTO accounts_ledgerentry (
    region_id, debit_id, credit_id, amount, kind, month, component, posted_on, posted_at, cause, rule_id, key)
SELECT entry.region_id, debit_id, credit_id, amount, entry.kind, %(month)s, component, posted_on, posted_at, cause,
    rule_id, concat_ws(':', 'credit', %(run)s::int, member_id, %(month)s::date, component)
FROM accounts_ledgerentry AS entry
JOIN accounts_ledgeraccount AS account ON account.id = entry.credit_id
WHERE account.member_id = (
    SELECT last_member FROM accounts_creditchunk WHERE run_id = %(run)s ORDER BY id OFFSET %(chunk)s LIMIT 1)
"""


@dataclass
class Hold:
    """A transaction of ours that others run into, and those who did. It ends, taken back, when its block ends; also
    where the server is gone by then.
    """

    connection: psycopg.Connection[tuple[Any, ...]]
    house: House
    stopped: set[int] = field(default_factory=set)
    """The servers' processes that were seen to wait for it."""

    def wait_until_stopped(self, count: int) -> None:
        """Return once so many wait, for the hold or for another who waits for it."""

        def stopped() -> bool:
            rows = self.house.rows("SELECT pid FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0")
            self.stopped = {pid for (pid,) in rows}
            return len(self.stopped) == count

        wait_for(stopped, f"The hold does not stop {count}.")

    def wait_until_abandoned(self) -> None:
        """Return once the server has given up what it was doing for those whom it stopped."""

        def gone() -> bool:
            left = self.house.rows("SELECT FROM pg_stat_activity WHERE pid = ANY (%s)", list(self.stopped))
            return not left

        wait_for(gone, "The server goes on working for a client that was killed.")


@contextmanager
def _held(house: House) -> Iterator[Hold]:
    connection = house.connect()
    try:
        connection.autocommit = False
        yield Hold(connection, house)
    finally:
        connection.close()


@contextmanager
def hold(house: House, run: int, *chunks: int) -> Iterator[Hold]:
    """Stop whoever posts these chunks of an approved run of March (0 is the first), until the block ends.

    Each stops in the middle of its statement, with a part of its entries written.
    """
    with _held(house) as held:
        for chunk in chunks:
            cursor = held.connection.execute(_WRITE_FIRST, {"run": run, "month": MARCH, "chunk": chunk})
            assert cursor.rowcount == 1
        yield held


@contextmanager
def hold_run(house: House, run: int) -> Iterator[Hold]:
    """Stop whoever is about to move the run, until the block ends."""
    with _held(house) as held:
        held.connection.execute("SELECT FROM accounts_creditrun WHERE id = %s FOR UPDATE", [run])
        yield held


@contextmanager
def hold_table(house: House, table: str) -> Iterator[Hold]:
    """Stop whoever is about to read a table, until the block ends."""
    with _held(house) as held:
        held.connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield held
