"""Importing a clerk's file: all of it or nothing, unless the clerk chose to import the good rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from agency.exceptions import NotPermitted
from agency.importing.cells import Column
from agency.importing.reading import Sheet, read_sheet
from agency.importing.refusals import FileRefused, RowError
from agency.importing.report import ImportReport
from agency.importing.resource import ImportContext
from agency.models import Job, PoolingRegion, User
from agency.services.jobs import fail_job, finish_job, log_job, queue_job, start_job


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file: its name, its label, whether the header must have it."""

    name: str
    label: Promise
    is_required: bool


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: its name for `import_file`, its label, the permission that importing it takes, its columns."""

    name: str
    label: Promise
    permission: str
    columns: Sequence[ImportColumn]


def import_kinds() -> list[ImportKind]:
    """Every kind of file, in the order in which they build on each other.

    An app names its resources as `import_resources` on its AppConfig, so that the lowest floor need not know them.
    """
    return [
        ImportKind(
            name,
            resource.label,
            resource.permission,
            [ImportColumn(column, each.label, each.in_header) for column, each in resource.columns().items()],
        )
        for name, resource in _resources().items()
    ]


def _resources() -> dict[str, Any]:
    declared: dict[str, str] = {}
    for config in apps.get_app_configs():
        declared |= getattr(config, "import_resources", {})
    return {name: import_string(path) for name, path in declared.items()}


def columns_of(kind: str) -> dict[str, Column]:
    """The columns of a kind by name, as its rows are read. LookupError for an unknown kind."""
    columns: dict[str, Column] = _resource(kind).columns()
    return columns


def may_import(kind: str, *, region: PoolingRegion, actor: User) -> bool:
    """Whether a person may import files of a kind for a region. LookupError for an unknown kind."""
    return actor.has_perm(_resource(kind).permission, region)


def _resource(kind: str) -> Any:
    resource = _resources().get(kind)
    if resource is None:
        raise LookupError(f"{kind} is no kind of import")
    return resource


def import_file(
    kind: str,
    content: bytes,
    *,
    region: PoolingRegion,
    actor: User | None,
    today: date,
    only_good_rows: bool = False,
    filename: str = "",
) -> ImportReport:
    """Import a file of a kind (CSV, XLSX or XLS, at most 20 MB) into a region.

    actor: who imports, None for a command. today: the day at the office. only_good_rows: rows that are right are kept
    although others are wrong; otherwise one wrong row keeps everything out. Rows that are in the database exactly so
    are left alone. Returns what became of the rows, with an error for every wrong one; the same stands in the
    report's job. NotPermitted where the actor may not add this in the region; LookupError for an unknown kind.
    """
    resource = _resource(kind)
    if actor is not None and not may_import(kind, region=region, actor=actor):
        raise NotPermitted(_("You may not import this in %(region)s.") % {"region": region})
    name = PurePath(filename).name[:200]
    job = queue_job(f"import_{kind}", region=region, actor=actor, subject=name)
    try:
        sheet = read_sheet(content, resource.columns())
    except FileRefused as refusal:
        return _reported(ImportReport(kind, job, errors=refusal.errors), only_good_rows)
    start_job(job, total=sheet.total)
    context = ImportContext(region, actor, today, reason=_("imported from %(file)s") % {"file": name or kind})
    try:
        report = _import_sheet(kind, resource(context), sheet, job, only_good_rows)
    except Exception:
        fail_job(job, _("The import broke off because of a fault in the program. Nothing was imported."))
        raise
    return _reported(report, only_good_rows)


def _import_sheet(kind: str, resource: Any, sheet: Sheet, job: Job, only_good_rows: bool) -> ImportReport:
    """Carry the rows through the resource in one transaction, a savepoint for each, so that one does not hide the
    next.
    """
    result = resource.import_data(
        sheet,
        dry_run=bool(sheet.errors) and not only_good_rows,
        use_transactions=True,
        rollback_on_validation_errors=not only_good_rows,
    )
    errors = sorted(
        [
            *sheet.errors,
            *(
                RowError(resource.line(row.number), column, reason)
                for row in result.invalid_rows
                for column, reasons in row.error_dict.items()
                for reason in reasons
            ),
        ]
    )
    imported = resource.imported if only_good_rows or not errors else 0
    return ImportReport(
        kind,
        job,
        total=sheet.total,
        imported=imported,
        unchanged=resource.unchanged,
        errors=errors,
        notes=[*sheet.notes, str(resource.outcome)] if imported and resource.outcome else sheet.notes,
    )


def _reported(report: ImportReport, only_good_rows: bool) -> ImportReport:
    """Close the job with what the report says. Failed means that nothing of the file was imported."""
    counts = {
        "rows": report.total,
        "imported": report.imported,
        "unchanged": report.unchanged,
        "left_out": report.left_out,
    }
    if report.errors or report.notes:
        log_job(report.job, "\n".join([*report.notes, *map(str, report.errors)]))
    if report.errors and not (only_good_rows and report.total):
        fail_job(report.job, _("Nothing of this file was imported."), counts)
    else:
        finish_job(report.job, counts)
    report.job.refresh_from_db()
    return report
