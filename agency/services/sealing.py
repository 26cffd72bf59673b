"""Sealing: what was written since is put into the chain of its region, in order and in batches."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from agency.finality import sealed_columns
from agency.models import PoolingRegion, Seal
from agency.selectors.sealed import CANONICAL, digest_of, facts_of, last_seals, seal_of, sealed_models, with_regions

BATCH = 4096
# How long a transaction that writes is waited for; the table is sealed the next time then.
PATIENCE_SECONDS = 60
_LOOK_EVERY = 0.05
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('agency.sealing', 0))"
# Whoever writes into a table holds this lock before its rows get their numbers, until the end of its transaction.
_WRITERS = """
SELECT relation::regclass::text, virtualtransaction FROM pg_locks
WHERE mode = 'RowExclusiveLock' AND locktype = 'relation' AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_BATCHES = """
SELECT region, array_agg(id ORDER BY id), string_agg(substr(digest, 1, 8), ''::bytea ORDER BY id),
    encode(sha256(string_agg(digest, ''::bytea ORDER BY id)), 'hex')
FROM (
    SELECT fresh.id, fresh.region, {digest} AS digest,
        (row_number() OVER (PARTITION BY fresh.region ORDER BY fresh.id) - 1) / {batch} AS part
    FROM ({fresh}) AS fresh JOIN {table} AS sealed ON sealed.{key} = fresh.id
) AS rows GROUP BY region, part ORDER BY region NULLS FIRST, part
"""


def seal() -> int:
    """Seal every row that was written since the last time; returns how many.

    A row is sealed once every transaction has ended that could still write one with a smaller number: so whatever
    turns up below a sealed number later was not written by the application. A table in which somebody writes for longer
    than PATIENCE_SECONDS waits for the next time.
    """
    ends = {table: model._base_manager.aggregate(end=Max("pk"))["end"] for table, model in sealed_models().items()}
    busy = _wait_for_writers()
    sealed = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ALONE)
            cursor.execute(CANONICAL)
        chains = _Chains(timezone.now())
        for table, model in sealed_models().items():
            if ends[table] is not None and table not in busy:
                sealed += sum(chains.add(table, model, *batch) for batch in _batches(table, model, ends[table]))
    return sealed


def _wait_for_writers() -> set[str]:
    """Wait until every transaction that writes now has ended; returns the tables of those that have not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    waited_for = _writers()
    while left := waited_for & _writers():
        if time.monotonic() > deadline:
            return {table for table, _writer in left}
        time.sleep(_LOOK_EVERY)
    return set()


def _writers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return set(cursor.fetchall())


def _batches(table: str, model: Any, end: int) -> Iterator[tuple[int | None, list[int], bytes, str]]:
    rows = model._base_manager.filter(pk__lte=end)
    if getattr(model, "sealed_with", ""):
        known = Seal.objects.filter(table=table).values_list("ids", flat=True)
        rows = rows.exclude(pk__in=[pk for ids in known for pk in ids])
    else:
        begun = Seal.objects.filter(table=table).aggregate(end=Max("last_id"))["end"]
        rows = rows.filter(pk__gt=begun or 0)
    fresh, parameters = with_regions(model, rows)
    statement = _BATCHES.format(
        digest=digest_of(sealed_columns(model), "sealed"),
        batch=BATCH,
        fresh=fresh,
        table=connection.ops.quote_name(table),
        key=connection.ops.quote_name(model._meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


class _Chains:
    """The chains of all regions, to be continued."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.slugs: dict[int | None, str] = {None: "", **dict(PoolingRegion.objects.values_list("pk", "slug"))}
        newest = last_seals()
        self.ends: dict[int | None, tuple[int, str]] = {each.region_id: (each.number, each.seal) for each in newest}

    def add(self, table: str, model: Any, region: int | None, ids: list[int], marks: bytes, content: str) -> int:
        """Put a batch at the end of its region's chain; returns how many rows it has."""
        number, previous = self.ends.get(region, (0, ""))
        made = Seal(
            region_id=region,
            number=number + 1,
            table=table,
            columns=list(sealed_columns(model)),
            ids=ids,
            marks=bytes(marks),
            last_id=ids[-1],
            content=content,
            previous=previous,
            sealed_at=self.at,
        )
        made.seal = seal_of(facts_of(made, self.slugs[region]))
        made.save(force_insert=True)
        self.ends[region] = (made.number, made.seal)
        return len(ids)
