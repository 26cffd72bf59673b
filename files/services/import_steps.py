"""The steps of a file's import that workers do: preview, import, taking back."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.services.jobs import fail_job, finish_job, start_job
from files.importing.outcomes import read_back
from files.importing.resource import Values
from files.importing.row_set import ImportContext
from files.models import FileImport, ImportState
from files.services import handed_runs, set_runs, set_undoing
from files.services.import_kinds import is_handed, resource_of
from files.services.import_progress import told_progress
from files.services.import_rows import before_of, sheet_of
from files.services.import_runs import carry_out, discard_rows, preview, standing_on, stays, taking_back


def run_step(file_import: FileImport, today: date) -> None:
    """Do what the import waits for. A fault of the program leaves nothing of it behind, and is said in its job."""
    try:
        with override(file_import.language):
            _steps(file_import.kind)[ImportState(file_import.state)](file_import, today)
    except Exception:
        _break_off(file_import)
        raise


def _steps(kind: str) -> Mapping[ImportState, Callable[[FileImport, date], None]]:
    resource = resource_of(kind)
    if is_handed(resource):
        return HANDED_STEPS
    return SET_STEPS if resource.row_set else STEPS


def _break_off(file_import: FileImport) -> None:
    """Put an import back to where a person can go on with it."""
    held = FileImport.objects.get(pk=file_import.pk)
    if held.state == ImportState.READING:
        discard_rows(held, ImportState.REFUSED)
    elif held.state == ImportState.IMPORTING:
        held.state = ImportState.PREVIEWED
    held.taken_back_by, held.taken_back_reason = None, ""
    held.save()
    fail_job(held.step, _("The import broke off because of a fault in the program. Nothing was imported."))


def take_back(file_import: FileImport, today: date) -> None:
    """Undo every row of an import, the last one first; where something stands on one of them, none is undone and the
    job's log says what.
    """
    job = file_import.step
    sheet, rows = sheet_of(file_import, file_import.rows.filter(is_in=True).order_by("-number"))
    start_job(job, total=len(rows))
    context = ImportContext(file_import.region, file_import.taken_back_by, today, reason=taking_back(file_import))
    resource = resource_of(file_import.kind)(context)
    standing = standing_on(file_import.kind, [made for row in rows for made in row.made])
    kept: list[str] = []
    with told_progress(file_import) as tell, transaction.atomic():
        for done, (row, cells) in enumerate(zip(rows, sheet.dict, strict=True), start=1):
            values = Values({name: column.clean(cells) for name, column in resource.fields.items()})
            before = read_back(before_of(row, resource.fields), resource.fields)
            try:
                with transaction.atomic():
                    for made in row.made:
                        if made in standing:
                            raise DomainError(standing[made])
                        resource.take_back(made, values, before)
            except DomainError as error:
                kept.append(_("line %(line)s: %(reason)s") % {"line": row.line, "reason": error})
            tell(done)
        if kept:
            transaction.set_rollback(True)
        else:
            file_import.rows.update(is_in=False)
            file_import.state, file_import.taken_back_at = ImportState.TAKEN_BACK, timezone.now()
            file_import.save()
            finish_job(job, {"rows": len(rows)})
    if kept:
        stays(file_import, kept)


STEPS = {ImportState.READING: preview, ImportState.IMPORTING: carry_out, ImportState.IMPORTED: take_back}
# Of kinds whose rows are carried as a set.
SET_STEPS = {
    ImportState.READING: set_runs.preview,
    ImportState.IMPORTING: set_runs.carry_out,
    ImportState.IMPORTED: set_undoing.take_back,
}
# Of kinds whose files a service takes as a whole.
HANDED_STEPS = {ImportState.READING: handed_runs.preview, ImportState.IMPORTING: handed_runs.carry_out}
