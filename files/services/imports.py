"""Importing a file at once, as a shell does: all of it or nothing, unless somebody chose the good rows."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from agency.models import PoolingRegion, User
from agency.services.jobs import fail_job, finish_job, queue_job, start_job
from files.importing.outcomes import Outcome
from files.importing.reading import Sheet, read_sheet
from files.importing.refusals import FileRefused, RowError
from files.importing.report import ImportReport
from files.models import FileImport, ImportState, RowOutcome
from files.services.file_imports import check_permission
from files.services.import_kinds import columns_of, resource_of
from files.services.import_rows import keep_rows
from files.services.import_runs import GOES_IN, carry_rows, counted, known_headings, log_notes, note_sheet, refuse


def import_file(
    kind: str,
    content: bytes,
    *,
    region: PoolingRegion,
    actor: User | None,
    today: date,
    only_good_rows: bool = False,
    filename: str = "",
    is_preview: bool = False,
) -> ImportReport:
    """Import a file of a kind (CSV, XLSX or XLS) into a region at once, as a shell does; no preview comes before.

    actor: who imports, None for a command. today: the day at the office. only_good_rows: rows that are right are kept
    although others are wrong; otherwise one wrong or doubtful row keeps everything out. is_preview: nothing is kept.
    Returns what became of the rows, with an error for every wrong one; the same stands in the report's job.
    NotPermitted where the actor may not add this in the region; LookupError for an unknown kind.
    """
    resource_of(kind)
    check_permission(kind, region, actor)
    name = PurePath(filename).name[:200]
    job = queue_job("import_preview" if is_preview else f"import_{kind}", region=region, actor=actor, subject=name)
    file_import = FileImport(
        region=region, kind=kind, name=name, job=job, brought_by=actor, digest=hashlib.sha256(content).hexdigest()
    )
    file_import.only_good_rows = only_good_rows
    file_import.save()
    try:
        sheet = read_sheet(content, columns_of(kind), known_headings(region.pk, kind))
    except FileRefused as refusal:
        refuse(file_import, refusal)
        job.refresh_from_db()
        return ImportReport(kind, job, errors=refusal.errors)
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
    job, is_preview = file_import.step, file_import.step.kind == "import_preview"
    note_sheet(file_import, sheet)
    keep_rows(file_import, sheet, outcomes, are_in=are_in)
    file_import.counts = counted(file_import)
    file_import.state = ImportState.IMPORTED if are_in else ImportState.DISCARDED
    file_import.save()
    imported = sum(file_import.counts[each] for each in GOES_IN) if are_in else 0
    outcome = resource_of(file_import.kind).outcome if imported else ""
    report = ImportReport(
        file_import.kind,
        job,
        total=sheet.total,
        imported=imported,
        unchanged=file_import.counts[RowOutcome.UNCHANGED],
        counts=file_import.counts,
        errors=errors,
        notes=[*sheet.notes, str(outcome)] if outcome else sheet.notes,
    )
    log_notes(job, [*report.notes, *map(str, errors)])
    counts = {
        "rows": report.total,
        "imported": report.imported,
        "unchanged": report.unchanged,
        "left_out": report.left_out,
    }
    if are_in or is_preview:
        finish_job(job, counts)
    else:
        fail_job(job, _("Nothing of this file was imported."), counts)
    job.refresh_from_db()
    return report
