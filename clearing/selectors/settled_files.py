"""Questions about files of direct settlements: their problems, their differences, and each side of a record."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from claims.models import Settlement
from clearing.models import SettledFile, SettledRecord
from clearing.selectors.file_rows import Problem, read_record, reported_in
from clearing.selectors.settled_sides import Side, sides_of

_BATCH = 500


class Compared(NamedTuple):
    """A record with what was reported beside what we calculate."""

    record: SettledRecord
    settlement: Settlement | None
    sides: Sequence[Side]

    def side(self, name: str) -> Side:
        return next(side for side in self.sides if side.name == name)

    @property
    def wrong(self) -> list[str]:
        """The amounts that must agree and do not."""
        return [side.name for side in self.sides if side.differs]


# A record may have any number of problems, so that a page of them is no page of records.
_PROBLEMS = """
SELECT (problem->>0)::int, problem->>1, problem->>2
FROM clearing_settledrecord, jsonb_array_elements(problems) WITH ORDINALITY AS each(problem, place)
WHERE file_id = %s
ORDER BY (problem->>0)::int, place LIMIT %s OFFSET %s
"""


def problems_page(file: SettledFile, start: int, stop: int) -> list[Problem]:
    """What is wrong with the file, in its order, from one place to another."""
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS, [file.pk, stop - start, start])
        return [Problem(*found) for found in cursor.fetchall()]


def problems_of(file: SettledFile) -> Iterator[Problem]:
    """Everything that is wrong with the file, record by record in its order; read as it is asked for."""
    wrong = file.records.exclude(problems=[]).order_by("line").values_list("problems", flat=True)
    for found in wrong.iterator(chunk_size=_BATCH):
        yield from (Problem(*problem) for problem in found)


def differences_of(file: SettledFile) -> QuerySet[SettledRecord]:
    """The file's records on which the provider and we do not agree, in the order of the file."""
    return file.records.filter(differs=True).select_related("claim", "reviewed_by").order_by("line")


def compared(records: Sequence[SettledRecord]) -> list[Compared]:
    """Each record with both sides; two queries at most. records: those that became claims."""
    claims = [record.claim_id for record in records]
    settlements = {
        each.claim_id: each
        for each in Settlement.objects.filter(claim__in=claims, reverses__isnull=True).order_by("-pk")
    }
    comparisons = []
    for record in records:
        ours = settlements.get(record.claim_id or 0)
        comparisons.append(Compared(record, ours, sides_of(reported_in(read_record(record.rows)), ours)))
    return comparisons


def all_compared(file: SettledFile) -> Iterator[Compared]:
    """Every difference of the file, a batch at a time."""
    records: list[SettledRecord] = []
    for record in differences_of(file).iterator(chunk_size=_BATCH):
        records.append(record)
        if len(records) == _BATCH:
            yield from compared(records)
            records = []
    yield from compared(records)
