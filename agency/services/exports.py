"""Lists as files: written at once where they are short, by a worker where they are long; each is recorded.

A worker writes what the person who asked would see: it asks the list's page for the rows as that person, so that roles
and regions are looked at once more.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from agency.exporting.files import WRITERS, XLSX, says_nothing
from agency.exporting.sheet import Sheet
from agency.models import Export, Job, PoolingRegion, User
from agency.services.jobs import advance_job, fail_job, finish_job, queue_job, send_job, start_job

# In the place of a list's model, where pages write tables of their own.
MONTHLY_REPORTS = "monthly_reports"
FUND = "fund"
TASK = "agency.tasks.write_export"
# More rows than these are left to a worker.
AT_ONCE = 10_000
FILE_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: which list by its model's label, which of its sheets, in which form, with which filters
    (as its address has them, and in words), and the one region of all its rows, if there is one.
    """

    listed: str
    sheet: str
    form: str
    query: str
    filters: str
    region: PoolingRegion | None


def _recorded(wanted: Wanted, actor: User, **more: Any) -> Export:
    return Export.objects.create(
        region=wanted.region,
        listed=wanted.listed,
        sheet=wanted.sheet,
        form=wanted.form,
        query=wanted.query,
        filters=wanted.filters[:300],
        language=get_language() or "",
        asked_by=actor,
        **more,
    )


def record_monthly_reports(*, region: PoolingRegion, month: date, rows: int, actor: User, filters: str = "") -> Export:
    """Record who has a region's reports of a month as a workbook. filters: the month in words; rows: of all tables."""
    query = f"month={month:%Y-%m}"
    return _recorded(Wanted(MONTHLY_REPORTS, "", XLSX, query, filters, region), actor, rows=rows)


def record_file(wanted: Wanted, *, rows: int, actor: User) -> Export:
    """Record who has a file of few rows that a page has written itself."""
    return _recorded(wanted, actor, rows=rows)


def export_at_once(wanted: Wanted, sheet: Sheet, *, actor: User) -> tuple[Export, IO[bytes]]:
    """Write a short list and record who has it. The file is the caller's to close."""
    # Closed by the response that carries it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    rows = WRITERS[wanted.form](sheet, file, says_nothing)
    file.seek(0)
    return _recorded(wanted, actor, rows=rows), file


@transaction.atomic
def queue_export(wanted: Wanted, *, actor: User, subject: str) -> Export:
    """Have a worker write a long list; subject: what the list is called."""
    job = queue_job("export", region=wanted.region, actor=actor, subject=subject)
    export = _recorded(wanted, actor, job=job)
    send_job(job, TASK)
    return export


def write_queued(export: Export, job: Job) -> None:
    """Write the file that a job is for. Where the person may not see the list any more, the job fails and says so."""
    page: Any = admin.site.get_model_admin(apps.get_model(export.listed))
    try:
        with override(export.language), tempfile.TemporaryFile() as file:
            total, sheet = page.sheet_for(export.asked_by, export.query, export.sheet)
            start_job(job, total=total)
            rows = WRITERS[export.form](sheet, file, _telling(job, total))
            file.seek(0)
            _keep(export, file, rows)
            finish_job(job, {"rows": rows})
    except PermissionDenied:
        fail_job(job, _("You may not see this list any more."))
    except Exception:
        fail_job(job, _("The file could not be written because of a fault in the program."))
        raise


def _telling(job: Job, total: int) -> Callable[[int], None]:
    """Rows may be added while the list is read; the job is never further than its total."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        advance_job(job, min(done, total) - told)
        told = min(done, total)

    return tell


def _keep(export: Export, file: IO[bytes], rows: int) -> None:
    export.file.save("export", File(file), save=False)
    export.rows, export.expires_at = rows, timezone.now() + FILE_LASTS
    export.save(update_fields=["file", "rows", "expires_at"])


def expire_exports(now: datetime) -> int:
    """Delete the files that were kept long enough; the records stay. Returns how many."""
    expired = Export.objects.filter(expires_at__lt=now).exclude(file="")
    count = 0
    for export in expired:
        export.file.delete(save=False)
        export.save(update_fields=["file"])
        count += 1
    return count
