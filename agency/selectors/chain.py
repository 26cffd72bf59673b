"""Whether what was sealed is still what it was: every seal, and every row of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localdate

from agency.models import PoolingRegion, Seal
from agency.selectors.sealed import CANONICAL, digest_of, facts_of, seal_of, sealed_models, with_regions

MARK = 8
_DIFFERING = """
SELECT kept.id FROM (SELECT id, content, unnest(ids) AS row FROM agency_seal WHERE id = ANY (%s)) AS kept
LEFT JOIN {table} AS sealed ON sealed.{key} = kept.row
GROUP BY kept.id, kept.content
HAVING encode(sha256(coalesce(string_agg({digest}, ''::bytea ORDER BY kept.row)
    FILTER (WHERE sealed.{key} IS NOT NULL), ''::bytea)), 'hex') <> kept.content
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not what was sealed: changed, deleted, inserted; or a seal of the chain that is not the one made.

    on: the day on which it was sealed; None for a row that never was.
    """

    what: str
    table: str
    pk: int
    on: date | None


def faults_of(region: PoolingRegion | None) -> tuple[int, list[Fault]]:
    """How many rows of a region's chain were looked at, and what is wrong. None: the rows of the whole agency."""
    with connection.cursor() as cursor:
        cursor.execute(CANONICAL)
    seals = list(Seal.objects.filter(region=region).order_by("number"))
    faults = [*_broken(seals, region.slug if region else ""), *_rows_that_differ(seals)]
    for table, model in sealed_models().items():
        faults += _inserted(table, model, region)
    return sum(len(seal.ids) for seal in seals), faults


def _broken(seals: list[Seal], slug: str) -> Iterator[Fault]:
    """Seals that are not what they say, or do not follow the one before."""
    before = ""
    for number, seal in enumerate(seals, start=1):
        if (seal.number, seal.previous, seal.seal) != (number, before, seal_of(facts_of(seal, slug))):
            yield Fault("seal", Seal._meta.db_table, seal.pk, localdate(seal.sealed_at))
        before = seal.seal


def _rows_that_differ(seals: list[Seal]) -> Iterator[Fault]:
    by_layout: dict[tuple[str, tuple[str, ...]], list[Seal]] = defaultdict(list)
    for seal in seals:
        by_layout[seal.table, tuple(seal.columns)].append(seal)
    quote = connection.ops.quote_name
    known = sealed_models()
    for (table, columns), alike in by_layout.items():
        key, digest = quote(str(known[table]._meta.pk.column)), digest_of(columns, "sealed")
        with connection.cursor() as cursor:
            statement = _DIFFERING.format(table=quote(table), key=key, digest=digest)
            cursor.execute(statement, [[seal.pk for seal in alike]])
            differing = {pk for (pk,) in cursor.fetchall()}
            for seal in alike:
                if seal.pk in differing:
                    cursor.execute(
                        f"SELECT {key}, substr({digest}, 1, {MARK})"  # noqa: S608  # The project's own names.
                        f" FROM {quote(table)} AS sealed WHERE {key} = ANY (%s)",
                        [list(seal.ids)],
                    )
                    yield from _named(seal, {pk: bytes(mark) for pk, mark in cursor.fetchall()})


def _named(seal: Seal, found: dict[int, bytes]) -> Iterator[Fault]:
    """The rows of a seal that differ; the seal itself, where its rows' marks were changed along with them."""
    marks, on, is_named = bytes(seal.marks), localdate(seal.sealed_at), False
    for place, pk in enumerate(seal.ids):
        if found.get(pk) != marks[place * MARK : (place + 1) * MARK]:
            is_named = True
            yield Fault("changed" if pk in found else "deleted", seal.table, pk, on)
    if not is_named:
        yield Fault("seal", Seal._meta.db_table, seal.pk, on)


def _inserted(table: str, model: Any, region: PoolingRegion | None) -> Iterator[Fault]:
    """Rows below the numbers that are sealed, of which no seal knows."""
    seals = Seal.objects.filter(table=table)
    end = seals.aggregate(end=Max("last_id"))["end"]
    if end is None:
        return
    if together := getattr(model, "sealed_with", ""):
        sealed = [pk for ids in seals.values_list("ids", flat=True) for pk in ids]
        complete = model._base_manager.filter(pk__in=sealed).values(together)
        rows = model._base_manager.filter(**{f"{together}__in": complete})
    else:
        rows = model._base_manager.filter(pk__lte=end)
    found, parameters = with_regions(model, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({found}) AS found WHERE region IS NOT DISTINCT FROM %s"  # noqa: S608  # The same.
            " EXCEPT SELECT unnest(ids) FROM agency_seal WHERE agency_seal.table = %s ORDER BY 1",
            [*parameters, region.pk if region else None, table],
        )
        for (pk,) in cursor.fetchall():
            yield Fault("inserted", table, pk, None)
