"""Reading a file of direct settlements into records, and cutting these into chunks of whole members."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from agency.kept_files import NotAsKept, opened_unchanged
from agency.models import Job, JobState
from agency.services.jobs import advance_job, fail_job, log_job, start_job
from clearing.models import RecordState, SettledFile, SettledRecord
from clearing.selectors.file_rows import LINE, Problem
from clearing.services.file_settling import finish_file
from clearing.services.file_text import FileRow, HeaderRefused, headings_known_in, opened_rows

CHUNK_SIZE = 500
# No bill has as many lines; a number that goes on for longer begins another record, which repeats it and is wrong.
MOST_ROWS = 500
_COPY = """
COPY clearing_settledrecord (file_id, line, claim_number, member_number, rows, problems, state, differs, finding)
FROM STDIN
"""
# A number that comes again further down: the second one is no continuation, and no other settlement either.
_REPEATED = """
UPDATE clearing_settledrecord AS record
SET state = 'wrong', problems = record.problems || jsonb_build_array(
    jsonb_build_array(record.line, 'mdtrt_id', replace(%(sentence)s, '{line}', placed.first_line::text)))
FROM (SELECT id, min(line) OVER (PARTITION BY claim_number) AS first_line
      FROM clearing_settledrecord WHERE file_id = %(file)s AND state = 'waiting' AND claim_number <> '') AS placed
WHERE record.id = placed.id AND record.line <> placed.first_line
"""
# Members in the order of their numbers; one belongs to the chunk in which their first record falls. Records with a
# number that the region does not know are nobody's, each for itself: however many there are, no chunk grows by them.
_CUT = """
WITH waiting AS (
    SELECT record.id, coalesce(member.member_number, '#' || record.line) AS member
    FROM clearing_settledrecord AS record
    LEFT JOIN members_member AS member
        ON member.region_id = %(region)s AND member.member_number = record.member_number
    WHERE record.file_id = %(file)s AND record.state = 'waiting'
), counted AS (
    SELECT member, count(*) AS records FROM waiting GROUP BY member
), placed AS (
    SELECT member, (sum(records) OVER (ORDER BY member) - records)::bigint / %(size)s AS place FROM counted
), numbered AS (
    SELECT member, dense_rank() OVER (ORDER BY place) AS number FROM placed
), chunks AS (
    INSERT INTO clearing_settledchunk (file_id, number)
    SELECT DISTINCT %(file)s::bigint, number FROM numbered ORDER BY number RETURNING id, number
)
UPDATE clearing_settledrecord AS record SET chunk_id = chunks.id
FROM waiting JOIN numbered USING (member) JOIN chunks USING (number)
WHERE record.id = waiting.id
"""


@dataclass(slots=True)
class Gathered:
    """Rows of one settlement, or a row that is none."""

    line: int
    claim_number: str
    member_number: str
    rows: list[dict[str, object]] = field(default_factory=list)
    problem: str = ""


def read_file(file_id: int) -> list[int]:
    """Read a file into records and cut them into chunks, all in one transaction; returns the chunks that wait.

    Nothing where somebody reads it at the moment, or its job has ended. A file that was read before is not read again,
    and a worker that dies over it leaves nothing behind. The job fails where the stored file is gone, is
    another by now, or has no header that the region knows.
    """
    job = Job.objects.get(settled_file=file_id)
    if job.state == JobState.QUEUED:
        start_job(job)
    try:
        return _read_once(file_id)
    except (OSError, OperationalError):
        # The storage or the database is away: it is tried again.
        raise
    except (NotAsKept, HeaderRefused) as refusal:
        fail_job(job, str(refusal))
        return []
    except Exception:
        fail_job(job, _("The file broke off because of a fault in the program. Have it continued."))
        raise


@transaction.atomic
def _read_once(file_id: int) -> list[int]:
    rows = SettledFile.objects.select_related("region", "job")
    file = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=file_id).first()
    if file is None or file.job.state != JobState.RUNNING:
        return []
    if not file.records.exists():
        _read(file)
    return list(file.chunks.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def _read(file: SettledFile) -> None:
    known = headings_known_in(file.region_id)
    with opened_unchanged(file.file, file.digest) as content, opened_rows(content, known) as reading:
        _copy(file, gathered(reading.rows))
        if reading.notes:
            log_job(file.job, "\n".join(reading.notes))
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED, {"file": file.pk, "sentence": repeated("{line}")})
        cursor.execute(_CUT, {"file": file.pk, "region": file.region_id, "size": CHUNK_SIZE})
    records = SettledRecord.objects.filter(file=file)
    total, waiting = records.count(), records.filter(state=RecordState.WAITING).count()
    start_job(file.job, total)
    advance_job(file.job, total - waiting)
    finish_file(file)


def gathered(rows: Iterable[FileRow]) -> Iterator[Gathered]:
    """Rows with one number, one below the other, together; a row that is none does not part them."""
    current: Gathered | None = None
    for row in rows:
        if row.problem:
            yield Gathered(row.line, "", "", problem=row.problem)
            continue
        number, member = row.cells.get("mdtrt_id", ""), row.cells.get("psn_no", "")
        if current is None or not number or current.claim_number != number[:64] or len(current.rows) == MOST_ROWS:
            if current is not None:
                yield current
            current = Gathered(row.line, number[:64], member[:32])
        current.rows.append({LINE: row.line, **row.cells})
    if current is not None:
        yield current


def repeated(line: int | str) -> str:
    """What is said of a record whose number was that of another one, which begins in a line further up."""
    return _("This claim begins in line %(line)s; its rows must stand one below the other.") % {"line": line}


def _copy(file: SettledFile, records: Iterable[Gathered]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for each in records:
            problems = [Problem(each.line, "", each.problem)] if each.problem else []
            state = RecordState.WRONG if problems else RecordState.WAITING
            copy.write_row(
                (
                    file.pk,
                    each.line,
                    each.claim_number,
                    each.member_number,
                    json.dumps(each.rows, ensure_ascii=False),
                    json.dumps(problems, ensure_ascii=False),
                    state.value,
                    False,
                    "",
                )
            )
