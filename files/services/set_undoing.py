"""Taking back an import of a kind whose rows are carried as a set."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.services.jobs import finish_job, start_job
from files.importing.row_set import Cursor, ImportContext
from files.models import FileImport, ImportState
from files.services import set_staging as staging
from files.services import set_values as values
from files.services.import_kinds import resource_of
from files.services.import_progress import told_progress
from files.services.import_runs import standing_on, stays, taking_back

_IDS = 10_000


def take_back(file_import: FileImport, today: date) -> None:
    """Undo every row of an import, as `import_steps.take_back` says."""
    job = file_import.step
    context = ImportContext(file_import.region, file_import.taken_back_by, today, reason=taking_back(file_import))
    resource = resource_of(file_import.kind)(context)
    start_job(job, total=file_import.rows.filter(is_in=True).count())
    with told_progress(file_import) as tell, transaction.atomic(), connection.cursor() as cursor:
        staging.begin(cursor)
        total = staging.make(
            cursor,
            "source",
            "AS SELECT line, '' AS plain, ARRAY(SELECT jsonb_array_elements_text(cells)) AS cells, before, made"
            " FROM files_importedrow WHERE file_import_id = %s AND is_in",
            [file_import.pk],
        )
        values.read_values(cursor, resource.fields, file_import.heading["names"], "source")
        staging.make(cursor, "undone", "AS SELECT line, unnest(made) AS id, before FROM source")
        staging.make(cursor, "standing", "(line integer, problem text)")
        _find_standing(cursor, file_import.kind)
        tell(total // 5)
        resource.row_set(context).take_back(cursor)
        cursor.execute("SELECT line, problem FROM standing ORDER BY line DESC")
        kept = [_("line %(line)s: %(reason)s") % {"line": line, "reason": said} for line, said in cursor.fetchall()]
        if kept:
            transaction.set_rollback(True)
        else:
            file_import.rows.filter(is_in=True).update(is_in=False)
            file_import.state, file_import.taken_back_at = ImportState.TAKEN_BACK, timezone.now()
            file_import.save()
            finish_job(job, {"rows": total})
    if kept:
        stays(file_import, kept)


def _find_standing(cursor: Cursor, kind: str) -> None:
    with connection.chunked_cursor() as undone:
        undone.execute("SELECT id FROM undone")
        while some := undone.fetchmany(_IDS):
            standing = standing_on(kind, [pk for (pk,) in some])
            cursor.executemany(
                "INSERT INTO standing (line, problem) SELECT line, %s FROM undone WHERE id = %s",
                [(said, pk) for pk, said in standing.items()],
            )
