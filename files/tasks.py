"""Workers go on with files; the clock forgets what nobody confirmed."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import localdate, now

from agency.schedule import Periodic
from agency.services.jobs import working_on
from files.models import FileImport
from files.services.file_imports import expire_previews
from files.services.import_steps import run_step


@shared_task(ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def go_on_with_import(job_id: int) -> None:
    """Do the step of a file that the job is for. One that was done, or is being done by another worker, is left."""
    people = ("brought_by", "confirmed_by", "taken_back_by")
    with working_on(job_id) as job:
        if job is not None:
            run_step(FileImport.objects.select_related("region", "job", *people).get(job=job), localdate())


@shared_task(ignore_result=True)
def clear_imports() -> None:
    """Forget previews that nobody confirmed in time, and the rows of imports that are long past."""
    expire_previews(now())


SCHEDULE = [Periodic("forget previews that nobody confirmed", clear_imports, timedelta(hours=1))]
