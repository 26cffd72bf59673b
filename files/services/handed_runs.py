"""What a worker does with a file that a service takes as a whole: say what would become of each row, hand it over."""

from datetime import date
from itertools import islice
from typing import IO

from django.db import connection, transaction

from agency.exceptions import DomainError
from agency.kept_files import opened_unchanged
from agency.services.jobs import finish_job, start_job
from files.importing.handed import JudgedRow
from files.importing.reading import opened_table
from files.importing.refusals import FileRefused, whole_file
from files.importing.table import Row, wanted_of
from files.models import FileImport, ImportedRow, ImportState, RowOutcome
from files.services.import_kinds import columns_of, resource_of
from files.services.import_runs import (
    context_of,
    counted,
    delete_file,
    known_headings,
    note_table,
    wait_again,
)
from files.services.set_runs import Tell, previewed
from files.services.set_staging import copy_rows

# Kept at once; the service's own questions come between.
_BLOCK = 2_000


def preview(file_import: FileImport, today: date) -> None:
    """Read a file and say of every row what the service would do with it; the file stays until it is handed over."""
    previewed(file_import, today, compare)


def compare(file_import: FileImport, content: IO[bytes], today: date, tell: Tell) -> int:
    """Keep the rows with what would become of each, those that are new as staged rows; returns how many there are.

    FileRefused where nothing of the file can be read, or it cannot be taken.
    """
    handed = resource_of(file_import.kind)(context_of(file_import, today))
    handed.check(file_import.digest)
    wanted = wanted_of(columns_of(file_import.kind), known_headings(file_import.region_id, file_import.kind))
    file_import.rows.all().delete()
    file_import.staged.all().delete()
    total = 0
    with opened_table(content, wanted) as table:
        rows = handed.judged(table)
        while block := list(islice(rows, _BLOCK)):
            _keep(file_import, block)
            total += len(block)
            tell(total)
    note_table(file_import, table.heading, table.names, table.notes)
    file_import.counts = counted(file_import)
    return total


def _keep(file_import: FileImport, rows: list[JudgedRow]) -> None:
    """Those that are new are the most. A crash of the server empties their table; the file itself is still there."""
    new = (Row(row.line, list(row.cells)) for row in rows if row.outcome == file_import.staged_as)
    with connection.cursor() as cursor:
        copy_rows(cursor, file_import, new)
    names = columns_of(file_import.kind)
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                file_import=file_import,
                number=row.line,
                line=row.line,
                key=" · ".join([cell for cell in row.cells if cell][:3])[:120],
                cells=list(row.cells),
                outcome=row.outcome,
                problems=[[column if column in names else "", reason] for column, reason in row.problems],
            )
            for row in rows
            if row.outcome != file_import.staged_as
        ]
    )


# --- Import ---------------------------------------------------------------------------------------


def carry_out(file_import: FileImport, today: date) -> None:
    """Hand a confirmed file over. Where the service does not take it by now, the job says why and the preview waits."""
    job, counts = file_import.step, file_import.counts
    start_job(job, total=counts[RowOutcome.NEW])
    try:
        with opened_unchanged(file_import.file, file_import.digest) as content, transaction.atomic():
            hand_over(file_import, content, today)
            file_import.state = ImportState.IMPORTED
            file_import.save()
            delete_file(file_import)
            finish_job(job, {"rows": sum(counts.values()), **counts})
    except FileRefused as refusal:
        wait_again(file_import, " ".join(error.reason for error in refusal.errors))


def hand_over(file_import: FileImport, content: IO[bytes], today: date) -> None:
    """Have the service take the file, and keep where. FileRefused where it does not."""
    handed = resource_of(file_import.kind)(context_of(file_import, today))
    try:
        file_import.about = handed.hand_over(content, file_import.name).pk
    except DomainError as error:
        raise whole_file(str(error)) from error
