"""Importing a file at once, as a shell does: all of it or nothing, unless somebody chose the good rows."""

import hashlib
import io
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from agency.models import PoolingRegion, User
from agency.services.jobs import fail_job, finish_job, queue_job, resize_job, start_job
from files.importing.outcomes import Outcome
from files.importing.reading import Sheet, count_lines, read_sheet
from files.importing.refusals import FileRefused, RowError
from files.importing.report import ImportReport
from files.models import FileImport, ImportState, RowOutcome
from files.services import handed_runs, set_runs
from files.services.file_imports import check_permission, checked_about
from files.services.import_kinds import columns_of, is_handed, is_large, resource_of
from files.services.import_progress import told_progress
from files.services.import_rows import keep_rows
from files.services.import_runs import GOES_IN, carry_rows, counted, known_headings, log_notes, note_refusal, note_table


def import_file(
    kind: str,
    content: bytes | IO[bytes],
    *,
    region: PoolingRegion,
    actor: User | None,
    today: date,
    only_good_rows: bool = False,
    filename: str = "",
    is_preview: bool = False,
    about: int | None = None,
) -> ImportReport:
    """Import a file of a kind (CSV, XLSX or XLS) into a region at once, as a shell does; no preview comes before.

    actor: who imports, None for a command. today: the day at the office. only_good_rows: rows that are right are kept
    although others are wrong; otherwise one wrong or doubtful row keeps everything out. is_preview: nothing is kept.
    about: as of `bring_file`.
    Returns what became of the rows, with an error for every wrong one; the same stands in the report's job.
    NotPermitted where the actor may not add this in the region; LookupError for an unknown kind.
    """
    resource = resource_of(kind)
    check_permission(kind, region, actor)
    about, name = checked_about(kind, region, about), PurePath(filename).name[:200]
    job = queue_job("import_preview" if is_preview else f"import_{kind}", region=region, actor=actor, subject=name)
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file_import = FileImport(region=region, kind=kind, name=name, job=job, brought_by=actor, digest=digest)
    file_import.only_good_rows, file_import.about = only_good_rows, about
    file_import.save()
    if is_large(resource):
        return _import_whole(file_import, file, today, is_preview=is_preview)
    try:
        file.seek(0)
        sheet = read_sheet(file.read(), columns_of(kind), known_headings(region.pk, kind))
    except FileRefused as refusal:
        return _refused(file_import, refusal)
    start_job(job, total=sheet.total)

    def is_kept(outcomes: Mapping[int, Outcome]) -> bool:
        bad = (RowOutcome.WRONG, RowOutcome.DOUBTFUL)
        is_right = not sheet.errors and all(each.kind not in bad for each in outcomes.values())
        return not is_preview and (only_good_rows or is_right)

    try:
        outcomes = carry_rows(file_import, sheet, today, keep=is_kept, refuses_doubtful=not is_preview)
    except Exception:
        fail_job(job, _("The import broke off because of a fault in the program. Nothing was imported."))
        raise
    return _reported(file_import, sheet, outcomes, are_in=is_kept(outcomes))


@transaction.atomic
def _reported(file_import: FileImport, sheet: Sheet, outcomes: Mapping[int, Outcome], *, are_in: bool) -> ImportReport:
    """Keep the rows, and close the job with what became of them. Failed means that nothing of the file was imported."""
    errors = sorted(
        [
            *sheet.errors,
            *(
                RowError(sheet.lines[number - 1], column, reason)
                for number, outcome in outcomes.items()
                for column, reason in outcome.problems
            ),
        ]
    )
    note_table(file_import, sheet.heading, sheet.headers or [], sheet.notes)
    keep_rows(file_import, sheet, outcomes, are_in=are_in)
    file_import.counts = counted(file_import)
    return _closed(file_import, errors, are_in=are_in)


def _refused(file_import: FileImport, refusal: FileRefused) -> ImportReport:
    note_refusal(file_import, refusal)
    file_import.step.refresh_from_db()
    return ImportReport(file_import.kind, file_import.step, errors=refusal.errors)


def _import_whole(file_import: FileImport, file: IO[bytes], today: date, *, is_preview: bool) -> ImportReport:
    """The same for a kind whose files are read piece by piece."""
    is_taken = is_handed(resource_of(file_import.kind))
    start_job(file_import.step, total=count_lines(file))
    try:
        with told_progress(file_import) as tell, transaction.atomic():
            comparing = handed_runs.compare if is_taken else set_runs.compare
            resize_job(file_import.step, comparing(file_import, file, today, tell))
            is_right = file_import.only_good_rows or not file_import.counts[RowOutcome.WRONG]
            are_in = is_right and not is_preview
            if are_in and is_taken and file_import.counts[RowOutcome.NEW]:
                handed_runs.hand_over(file_import, file, today)
            elif are_in and not is_taken:
                are_in = set_runs.carry(file_import, today, tell)
            wrong = file_import.rows.filter(outcome=RowOutcome.WRONG).values_list("line", "problems")
            errors = sorted(RowError(line, column, said) for line, problems in wrong for column, said in problems)
            file_import.staged.all().delete()
            return _closed(file_import, errors, are_in=are_in)
    except FileRefused as refusal:
        return _refused(file_import, refusal)
    except Exception:
        fail_job(file_import.step, _("The import broke off because of a fault in the program. Nothing was imported."))
        raise


def _closed(file_import: FileImport, errors: list[RowError], *, are_in: bool) -> ImportReport:
    """Close the import and its job with what became of the rows."""
    job, is_preview, counts = file_import.step, file_import.step.kind == "import_preview", file_import.counts
    file_import.state = ImportState.IMPORTED if are_in else ImportState.DISCARDED
    file_import.save()
    imported = sum(counts[each] for each in GOES_IN) if are_in else 0
    outcome = resource_of(file_import.kind).outcome if imported else ""
    report = ImportReport(
        file_import.kind,
        job,
        total=sum(counts.values()),
        imported=imported,
        unchanged=counts[RowOutcome.UNCHANGED],
        counts=counts,
        errors=errors,
        notes=[*file_import.notes, str(outcome)] if outcome else file_import.notes,
    )
    log_notes(job, [*report.notes, *map(str, errors)])
    result = {
        "rows": report.total,
        "imported": report.imported,
        "unchanged": report.unchanged,
        "left_out": report.left_out,
    }
    if are_in or is_preview:
        finish_job(job, result)
    else:
        fail_job(job, _("Nothing of this file was imported."), result)
    job.refresh_from_db()
    return report
