"""What a worker does with a file of a kind whose rows are carried as a set: compare them, let them go in.

Each step is one transaction, and does what `import_runs` does row by row.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import IO, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.kept_files import opened_unchanged
from agency.services.jobs import fail_job, finish_job, resize_job, start_job
from files.importing.reading import count_lines, opened_sheet
from files.importing.refusals import FileRefused, whole_file
from files.importing.resource import CHANGED_SINCE, RECORDED_MEANWHILE
from files.importing.row_set import Cursor, RowSet, problem
from files.models import FileImport, ImportState, RowOutcome
from files.services import set_staging as staging
from files.services import set_values as values
from files.services.import_kinds import resource_of
from files.services.import_progress import Cancelled, told_progress
from files.services.import_runs import (
    GOES_IN,
    context_of,
    counted,
    delete_file,
    discard_rows,
    known_headings,
    log_notes,
    note_refusal,
    note_table,
    wait_again,
)

# A file with no more rows keeps each; of a larger one those that are new and right stay staged.
KEPT_WHOLE = 10_000
Tell = Callable[[int], None]


# --- Preview --------------------------------------------------------------------------------------


def preview(file_import: FileImport, today: date) -> None:
    """Read a file and say of every row what it would do; nothing of it stays but the file, until its rows are in."""
    previewed(file_import, today, compare)


def previewed(
    file_import: FileImport, today: date, comparing: Callable[[FileImport, IO[bytes], date, Tell], int]
) -> None:
    """Have the rows of a stored file compared in one transaction, with which its preview ends. comparing: `compare`."""
    job = file_import.step
    try:
        with opened_unchanged(file_import.file, file_import.digest) as content, told_progress(file_import) as tell:
            start_job(job, total=count_lines(content))
            with transaction.atomic():
                total = comparing(file_import, content, today, tell)
                file_import.state = ImportState.PREVIEWED
                file_import.save()
                resize_job(job, total)
                finish_job(job, {"rows": total, **file_import.counts})
    except FileRefused as refusal:
        note_refusal(file_import, refusal)
        return
    except Cancelled:
        discard_rows(file_import, ImportState.DISCARDED)
        fail_job(job, _("Cancelled. Nothing was imported."))
        return
    log_notes(job, file_import.notes)


def compare(file_import: FileImport, content: IO[bytes], today: date, tell: Tell) -> int:
    """Stage the rows of a file, keep what they would do, and count them by outcome; returns how many there are.

    FileRefused where it cannot be read.
    """
    resource = resource_of(file_import.kind)(context_of(file_import, today))
    known = known_headings(file_import.region_id, file_import.kind)
    file_import.rows.all().delete()
    file_import.staged.all().delete()
    with connection.cursor() as cursor:
        staging.begin(cursor)
        with opened_sheet(content, resource.columns(), known) as table:
            total, torn = staging.stage(cursor, file_import, table, tell)
        if not total:
            raise whole_file(_("The file has a header and no rows."))
        note_table(file_import, table.heading, table.names, table.notes)
        staged = staging.rows_of(file_import)
        source = f"(SELECT * FROM files_stagedrow WHERE {staged} AND (plain <> '' OR problem = ''))"  # noqa: S608  # Joined from the project's own names.
        plain = values.read_values(cursor, resource.fields, table.names, source)
        repeated = values.find_repeated(cursor, resource.fields, resource.key)
        _judge(cursor, resource.row_set(resource.context), plain, repeated)
        if torn:
            _judge_torn(cursor, file_import)
        counts = file_import.counts = _counts(cursor, total)
        file_import.staged_as = max(RowOutcome.NEW, RowOutcome.UNCHANGED, key=lambda outcome: counts[outcome])
        if total <= KEPT_WHOLE:
            staging.keep_staged(cursor, file_import, table.names)
        elif counts[file_import.staged_as] < total:
            staging.keep_staged(cursor, file_import, table.names, but=file_import.staged_as)
    return total


def _judge(cursor: Cursor, row_set: RowSet, plain: str, repeated: int = 0) -> None:
    """Fill `judged`. plain: as of `read_values`. repeated: how many rows are in `repeated`."""

    def judge(rows: str) -> tuple[str, Mapping[str, Any]]:
        return row_set.judging(cursor, rows)

    # The plain rows by themselves, which the server reads with all its processors.
    query, given = judge(plain)
    staging.make(cursor, "judged", f"AS {query}", given)
    _add_judged(cursor, judge("(SELECT * FROM spelled_rows WHERE problems IS NULL)"))
    if repeated:
        cursor.execute("DELETE FROM judged USING repeated WHERE judged.line = repeated.line")
        _add_judged(cursor, judge("repeated"))
    cursor.execute(
        "INSERT INTO judged (line, outcome, problems)"
        " SELECT line, 'wrong', problems FROM spelled_rows WHERE problems IS NOT NULL"
    )
    cursor.execute("ANALYZE judged")


def _add_judged(cursor: Cursor, judging: tuple[str, Mapping[str, Any]]) -> None:
    query, given = judging
    cursor.execute(f"INSERT INTO judged (line, outcome, problems, before, recorded) {query}", given)


def _judge_torn(cursor: Cursor, file_import: FileImport) -> None:
    """Lines that are no rows."""
    cursor.execute(
        "INSERT INTO judged (line, outcome, problems)"
        " SELECT line, 'wrong', jsonb_build_array(jsonb_build_array(place, problem)) FROM files_stagedrow"
        " WHERE file_import_id = %s AND problem <> ''",
        [file_import.pk],
    )


def _counts(cursor: Cursor, total: int) -> dict[str, int]:
    cursor.execute("SELECT outcome, count(*) FROM judged GROUP BY outcome")
    counts = dict.fromkeys(RowOutcome.values, 0) | dict(cursor.fetchall())
    return counts | {RowOutcome.NEW.value: total - sum(counts.values())}


# --- Import ---------------------------------------------------------------------------------------


def carry_out(file_import: FileImport, today: date) -> None:
    """Let the confirmed rows of a previewed file go in, as `import_runs.carry_out` says."""
    job = file_import.step
    start_job(job, total=sum(file_import.counts[each] for each in GOES_IN))
    try:
        with told_progress(file_import) as tell, transaction.atomic():
            if carry(file_import, today, tell):
                file_import.state = ImportState.IMPORTED
                file_import.save()
                delete_file(file_import)
                finish_job(job, {"rows": sum(file_import.counts.values()), **file_import.counts})
                return
            said = _("Nothing was imported: rows that were right in the preview are wrong now. Look at them again.")
            wait_again(file_import, said)
    except Cancelled:
        wait_again(file_import, _("Cancelled. Nothing was imported."))
    except RowsLost:
        discard_rows(file_import, ImportState.EXPIRED)
        fail_job(job, _("The rows of the preview were lost when the database server broke down. Bring the file again."))


class RowsLost(Exception):
    """Staged rows are no longer there."""


def carry(file_import: FileImport, today: date, tell: Tell) -> bool:
    """Compare the rows again and save those that do what the preview said; keep what became of each, and count.

    Returns False where one is wrong by now and nobody wants the good ones alone: then nothing is saved. RowsLost where
    the preview had more rows.
    """
    resource = resource_of(file_import.kind)(context_of(file_import, today))
    row_set, names = resource.row_set(resource.context), file_import.heading["names"]
    with connection.cursor() as cursor:
        staging.begin(cursor)
        total = _gather(cursor, file_import)
        if total != sum(file_import.counts[each] for each in GOES_IN):
            raise RowsLost
        plain = values.read_values(cursor, resource.fields, names, "source")
        tell(total // 10 + 1)
        _judge(cursor, row_set, plain)
        _check_expected(cursor, problem(_where(resource.key, names), CHANGED_SINCE))
        is_saved = file_import.only_good_rows or not _is_any_wrong(cursor)
        if is_saved:
            tell(total // 5)
            is_saved = _save(cursor, file_import, row_set, problem(_where(resource.key, names), RECORDED_MEANWHILE))
            tell(total * 4 // 5)
        _note_outcomes(cursor, file_import)
        if file_import.staged_as == RowOutcome.NEW:
            staging.keep_staged(cursor, file_import, names, but="" if is_saved else RowOutcome.NEW)
    file_import.counts = counted(file_import)
    return is_saved


def _gather(cursor: Cursor, file_import: FileImport) -> int:
    """The rows that are to go in, kept and staged ones, in `source`."""
    total = staging.make(
        cursor,
        "source",
        "AS SELECT line, '' AS plain, ARRAY(SELECT jsonb_array_elements_text(cells)) AS cells, before,"
        " true AS is_kept FROM files_importedrow WHERE file_import_id = %s AND outcome IN ('new', 'changed')"
        " UNION ALL SELECT line, plain, cells, '{}'::jsonb, false FROM files_stagedrow"
        " WHERE file_import_id = %s AND %s",
        [file_import.pk, file_import.pk, file_import.staged_as == RowOutcome.NEW],
    )
    cursor.execute("ANALYZE source")
    return total


def _where(key: tuple[str, ...], names: list[str]) -> str:
    return next((name for name in key if name in names), key[0])


def _check_expected(cursor: Cursor, changed: Any) -> None:
    """Make wrong in `judged` what does something else now than the preview said."""
    wrong = values.as_json(changed)
    cursor.execute(
        f"UPDATE judged SET outcome = 'wrong', problems = {wrong} FROM source"  # noqa: S608  # Joined from the project's own names.
        " WHERE source.line = judged.line AND judged.outcome = 'changed' AND judged.before <> source.before"
    )
    cursor.execute(
        f"INSERT INTO judged (line, outcome, problems) SELECT line, 'wrong', {wrong} FROM source"  # noqa: S608  # Joined from the project's own names.
        " WHERE before <> '{}' AND NOT EXISTS (SELECT 1 FROM judged WHERE judged.line = source.line)"
    )


def _is_any_wrong(cursor: Cursor) -> bool:
    cursor.execute("SELECT EXISTS (SELECT 1 FROM judged WHERE outcome = 'wrong')")
    return bool(cursor.fetchone()[0])


def _save(cursor: Cursor, file_import: FileImport, row_set: RowSet, meanwhile: Any) -> bool:
    """Save what is not wrong and not there already. Where somebody else was faster with a row, it is wrong: the others
    stay only if the good rows alone are wanted.
    """
    going_in = (
        "AS SELECT source.line FROM source LEFT JOIN judged ON judged.line = source.line"
        " WHERE coalesce(judged.outcome, 'new') IN ('new', 'changed')"
    )
    with transaction.atomic():
        total = staging.make(cursor, "going_in", going_in)
        cursor.execute("ANALYZE going_in")
        row_set.save(cursor)
        cursor.execute("SELECT count(*) FROM made")
        late: list[int] = []
        if cursor.fetchone()[0] != total:
            cursor.execute("SELECT line FROM going_in EXCEPT SELECT line FROM made")
            late = [line for (line,) in cursor.fetchall()]
        is_saved = not late or file_import.only_good_rows
        if not is_saved:
            transaction.set_rollback(True)
    if late:
        cursor.execute("DELETE FROM judged WHERE line = ANY(%s)", [late])
        cursor.execute(
            "INSERT INTO judged (line, outcome, problems) SELECT line, 'wrong', %s::jsonb FROM unnest(%s) AS line",
            [json.dumps(meanwhile, ensure_ascii=False), late],
        )
    return is_saved


def _note_outcomes(cursor: Cursor, file_import: FileImport) -> None:
    """What became of the kept rows that went in, or will not go in any more."""
    cursor.execute(
        "UPDATE files_importedrow AS row SET outcome = coalesce(judged.outcome, 'new'),"
        " problems = coalesce(judged.problems, '[]'), is_in = made.id IS NOT NULL,"
        " made = CASE WHEN made.id IS NULL THEN '{}' ELSE ARRAY[made.id] END"
        " FROM source LEFT JOIN judged ON judged.line = source.line LEFT JOIN made ON made.line = source.line"
        " WHERE row.file_import_id = %s AND source.is_kept AND row.number = source.line"
        " AND (made.id IS NOT NULL OR judged.outcome IN ('wrong', 'unchanged'))",
        [file_import.pk],
    )
