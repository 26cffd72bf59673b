"""The floor of a credit run: two hand-written statements that write the same entries and the same balances.

The run's own entries are kept aside and taken out of the ledger again; every measurement then begins with the same
tables, written anew and without gaps.
"""

import time

from django.db import connection, transaction

from tests.bench.owner import as_the_owner

# Everything but the entry's id, which the table gives.
_COLUMNS = (
    "region_id, debit_id, credit_id, amount, kind, month, component, posted_on, posted_at, posted_by_id, cause, "
    "purpose, beneficiary_id, provider_id, rule_id, basis, entitlement_before, entitlement_after, key, reverses_id"
)
_INSERT = f"INSERT INTO accounts_ledgerentry ({_COLUMNS}) SELECT {_COLUMNS} FROM bench_entries"
_UPDATE = (
    "UPDATE accounts_ledgeraccount SET balance = accounts_ledgeraccount.balance + bench_raises.amount "
    "FROM bench_raises WHERE accounts_ledgeraccount.id = bench_raises.account_id"
)
# A run's entries for its own month and for earlier ones.
_OF_RUN = "(cause = %(cause)s OR cause LIKE %(cause)s || ':%%')"
_SAME_ENTRIES = f"""
    SELECT (SELECT count(*) FROM bench_entries),
        (SELECT count(*) FROM (
            SELECT {_COLUMNS} FROM bench_entries
            INTERSECT SELECT {_COLUMNS} FROM accounts_ledgerentry WHERE {_OF_RUN}
        ) AS in_both)
"""
_TABLES = ("accounts_ledgerentry", "accounts_ledgeraccount")


@as_the_owner
def tidy() -> None:
    """Write the ledger's tables and indexes anew: what every measurement begins with.

    The other tables are vacuumed, so that the server does not do it by itself meanwhile; all is written to disk.
    """
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM (FULL) {table}")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


@as_the_owner
def keep_entries(cause: str) -> int:
    """Keep a run's entries and what they raise balances by in tables of their own; returns how many entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_entries AS SELECT * FROM accounts_ledgerentry WHERE {_OF_RUN}", {"cause": cause}
        )
        kept = cursor.rowcount
        cursor.execute(
            "CREATE TABLE bench_raises AS SELECT credit_id AS account_id, sum(amount) AS amount FROM bench_entries "
            "GROUP BY credit_id"
        )
        cursor.execute("ALTER TABLE bench_raises ADD PRIMARY KEY (account_id)")
        for table in ("bench_entries", "bench_raises"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    return kept


@as_the_owner
def take_back(cause: str) -> None:
    """Bring the ledger back to where it was before the entries that were kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Past the triggers that forbid it.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"DELETE FROM accounts_ledgerentry WHERE {_OF_RUN}", {"cause": cause})
        cursor.execute(_UPDATE.replace("+ bench_raises", "- bench_raises"))


@as_the_owner
def forget_seals() -> None:
    """What is sealed may not be taken out; so nothing is sealed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM agency_seal")


@as_the_owner
def measure() -> float:
    """Seconds that the two statements take, with their commit."""
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INSERT)
        cursor.execute(_UPDATE)
    return time.monotonic() - began


@as_the_owner
def wrote_the_same(cause: str) -> bool:
    """Whether the ledger holds the very entries that the run wrote."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME_ENTRIES, {"cause": cause})
        kept, both = cursor.fetchone()
    return bool(kept == both)
