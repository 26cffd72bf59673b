"""What a worker does with a file: compare its rows with what is recorded, and let them go in.

A preview and an import are the same run: the rows go through the services in one transaction, which the preview rolls
back. So a preview says what the services and the database say. An import compares each row with what its preview said
and passes over what somebody else has changed since.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from agency.declarations import declared
from agency.kept_files import opened_unchanged
from agency.models import Job
from agency.services.history import REASON_LENGTH
from agency.services.jobs import fail_job, finish_job, log_job, start_job
from files.importing.outcomes import Outcome
from files.importing.reading import Sheet, read_sheet
from files.importing.refusals import FileRefused
from files.importing.row_set import ImportContext
from files.importing.table import Heading
from files.models import FileImport, ImportedRow, ImportState, KnownHeading, RowOutcome
from files.services.import_kinds import columns_of, resource_of
from files.services.import_progress import Cancelled, told_progress
from files.services.import_rows import before_of, keep_rows, sheet_of

# So much of a file's name stays in a history row in any case.
_SHORTEST_NAME = 20
GOES_IN = (RowOutcome.NEW, RowOutcome.CHANGED)


def context_of(file_import: FileImport, today: date) -> ImportContext:
    """What the rows of a file have in common. Its history names the file, the job and the person's reason; of these the
    file's name gives way where a history row has no room for all.
    """
    actor = file_import.confirmed_by or file_import.brought_by
    said = _("imported from %(file)s, job %(job)s") % {"file": "{}", "job": file_import.job_id}
    reason = f"{said}: {file_import.reason}" if file_import.reason else said
    room = max(REASON_LENGTH - len(reason) + 2, _SHORTEST_NAME)
    reason = reason.replace("{}", file_import.name[:room])
    return ImportContext(
        file_import.region, actor, today, reason, confirmed=file_import.reason, about=file_import.about
    )


def known_headings(region_id: int, kind: str) -> dict[str, str]:
    """What the region's files call the columns of a kind, as somebody matched them."""
    return dict(KnownHeading.objects.filter(region_id=region_id, kind=kind).values_list("heading", "column"))


# --- Preview --------------------------------------------------------------------------------------


def preview(file_import: FileImport, today: date) -> None:
    """Read a file and say of every row what it would do; nothing of it stays. The stored file does until its rows are
    in, so that its columns may be matched otherwise.
    """
    job = file_import.step
    with opened_unchanged(file_import.file, file_import.digest) as file:
        content = file.read()
    try:
        sheet = read_sheet(
            content, columns_of(file_import.kind), known_headings(file_import.region_id, file_import.kind)
        )
    except FileRefused as refusal:
        note_refusal(file_import, refusal)
        return
    start_job(job, total=sheet.total)
    try:
        outcomes = carry_rows(file_import, sheet, today, keep=lambda outcomes: False)
    except Cancelled:
        discard_rows(file_import, ImportState.DISCARDED)
        fail_job(job, _("Cancelled. Nothing was imported."))
        return
    with transaction.atomic():
        note_table(file_import, sheet.heading, sheet.headers or [], sheet.notes)
        keep_rows(file_import, sheet, outcomes, are_in=False)
        file_import.counts = counted(file_import)
        file_import.state = ImportState.PREVIEWED
        file_import.save()
        log_notes(job, sheet.notes)
        finish_job(job, {"rows": sheet.total, **file_import.counts})


def note_refusal(file_import: FileImport, refusal: FileRefused) -> None:
    """Note why nothing of the file can be read."""
    file_import.state = ImportState.REFUSED
    file_import.notes = [str(error) for error in refusal.errors]
    file_import.save()
    log_notes(file_import.step, file_import.notes)
    fail_job(file_import.step, _("Nothing of this file was imported."), {"rows": 0})
    delete_file(file_import)


def note_table(file_import: FileImport, heading: Heading, names: Sequence[str], notes: Sequence[str]) -> None:
    """Keep what was read of the file beside its rows."""
    file_import.heading = {"line": heading.line, "cells": list(heading.cells), "names": list(names)}
    file_import.notes = list(notes)


def log_notes(job: Job, notes: Iterable[str]) -> None:
    """Add sentences to the job's log, if there are any."""
    if text := "\n".join(map(str, notes)):
        log_job(job, text)


def counted(file_import: FileImport) -> dict[str, int]:
    """How many rows have each outcome."""
    counts = dict.fromkeys(RowOutcome.values, 0)
    counts |= dict(file_import.rows.order_by().values_list("outcome").annotate(Count("pk")))
    counts[file_import.staged_as] += file_import.staged.count()
    return counts


# --- Import ---------------------------------------------------------------------------------------


def carry_out(file_import: FileImport, today: date) -> None:
    """Let the confirmed rows of a previewed file go in, all in one transaction.

    Where a row is refused now, or does something else than the preview said, the good rows go in without it if the
    person chose so; otherwise none does, and the import waits for another confirmation.
    """
    job = file_import.step
    chosen = (*GOES_IN, RowOutcome.DOUBTFUL) if file_import.with_doubtful else GOES_IN
    sheet, rows = sheet_of(file_import, file_import.rows.filter(outcome__in=chosen).order_by("number"))
    start_job(job, total=len(rows))
    columns = columns_of(file_import.kind)
    expected = {
        number: Outcome(
            RowOutcome(row.outcome),
            before=before_of(row, columns),
            doubts=[(column, reason) for column, reason in row.doubts],
        )
        for number, row in enumerate(rows, start=1)
    }

    def keep(outcomes: dict[int, Outcome]) -> bool:
        is_kept = file_import.only_good_rows or not any(each.problems for each in outcomes.values())
        if is_kept:
            _note_outcomes(file_import, rows, outcomes)
            file_import.state = ImportState.IMPORTED
            file_import.save()
            delete_file(file_import)
            finish_job(job, {"rows": len(rows), **file_import.counts})
        return is_kept

    try:
        outcomes = carry_rows(
            file_import, sheet, today, expected=expected, keep=keep, refuses_doubtful=not file_import.with_doubtful
        )
    except Cancelled:
        wait_again(file_import, _("Cancelled. Nothing was imported."))
        return
    if file_import.state != ImportState.IMPORTED:
        with transaction.atomic():
            _note_outcomes(file_import, rows, outcomes, are_in=False)
            wait_again(
                file_import,
                _("Nothing was imported: rows that were right in the preview are wrong now. Look at them again."),
            )


def _note_outcomes(
    file_import: FileImport, rows: list[ImportedRow], outcomes: dict[int, Outcome], *, are_in: bool = True
) -> None:
    changed = []
    for number, row in enumerate(rows, start=1):
        outcome = outcomes[number]
        row.is_in = are_in and outcome.goes_in
        row.made = outcome.made if row.is_in else []
        if row.is_in or not outcome.goes_in:
            row.outcome, row.problems, row.doubts = outcome.kind, outcome.problems, outcome.doubts
            changed.append(row)
    ImportedRow.objects.bulk_update(changed, ["is_in", "made", "outcome", "problems", "doubts"], batch_size=2000)
    file_import.counts = counted(file_import)


def wait_again(file_import: FileImport, said: str) -> None:
    """Nothing went in: the preview waits for another confirmation."""
    file_import.state, file_import.is_cancelled = ImportState.PREVIEWED, False
    file_import.save()
    fail_job(file_import.step, said)


# --- What both do ---------------------------------------------------------------------------------


def carry_rows(
    file_import: FileImport,
    sheet: Sheet,
    today: date,
    *,
    keep: Callable[[dict[int, Outcome]], bool],
    expected: dict[int, Outcome] | None = None,
    refuses_doubtful: bool = False,
) -> dict[int, Outcome]:
    """Carry the rows through their services in one transaction; what became of each, by its number in the sheet.

    keep: looks at that and says whether it stays; what else has to be written with it, it writes. expected: what a
    preview said of them. refuses_doubtful: a doubtful row does not go in.
    """
    resource = resource_of(file_import.kind)(context_of(file_import, today))
    resource.expected, resource.refuses_doubtful = expected or {}, refuses_doubtful
    with told_progress(file_import) as resource.tell, transaction.atomic():
        resource.import_data(sheet, dry_run=False, use_transactions=False)
        outcomes: dict[int, Outcome] = resource.outcomes
        if not keep(outcomes):
            transaction.set_rollback(True)
    return outcomes


# --- Taking back ----------------------------------------------------------------------------------


def taking_back(file_import: FileImport) -> str:
    """What the histories say of rows that are taken back."""
    return _("import of %(file)s taken back: %(why)s") % {
        "file": file_import.name[:40],
        "why": file_import.taken_back_reason,
    }


def standing_on(kind: str, made: Sequence[int]) -> Mapping[int, str]:
    """What stands on rows by their ids, as the rooms above declare it."""
    standing: dict[int, str] = {}
    for each in declared("built_upon"):
        if each.kind == kind:
            standing |= each.standing(made)
    return standing


def stays(file_import: FileImport, kept: Sequence[str]) -> None:
    """Nothing was taken back. kept: what stands on its rows, as sentences."""
    file_import.state, file_import.taken_back_by = ImportState.IMPORTED, None
    file_import.taken_back_at, file_import.taken_back_reason = None, ""
    file_import.save()
    log_notes(file_import.step, kept)
    said = _("It could not be taken back, because something stands on %(count)s of its rows.")
    fail_job(file_import.step, said % {"count": len(kept)})


# --- Clearing up ----------------------------------------------------------------------------------


def discard_rows(file_import: FileImport, state: ImportState) -> None:
    """Forget the rows and the file of an import of which nothing went in."""
    file_import.rows.all().delete()
    file_import.staged.all().delete()
    file_import.state = state
    file_import.save()
    delete_file(file_import)


def delete_file(file_import: FileImport) -> None:
    """Delete the stored content once nobody reads it any more."""
    if file_import.file:
        stored = file_import.file
        transaction.on_commit(lambda: stored.storage.delete(str(stored.name)))
        FileImport.objects.filter(pk=file_import.pk).update(file="")
        file_import.file = ""
