"""Workers go on with files; the clock sends again what a lost worker or a lost message left behind, and clears up."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import localdate, now

from agency.models import Export, FileImport
from agency.schedule import Periodic
from agency.services.exports import expire_exports, write_queued
from agency.services.file_imports import expire_previews
from agency.services.import_steps import run_step
from agency.services.jobs import send_lost_jobs, working_on


@shared_task(ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def go_on_with_import(job_id: int) -> None:
    """Do the step of a file that the job is for. One that was done, or is being done by another worker, is left."""
    people = ("brought_by", "confirmed_by", "taken_back_by")
    with working_on(job_id) as job:
        if job is not None:
            run_step(FileImport.objects.select_related("region", "job", *people).get(job=job), localdate())


@shared_task(ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def write_export(job_id: int) -> None:
    """Write the file that the job is for; one that another worker writes, or that is written, is left."""
    with working_on(job_id) as job:
        if job is not None:
            write_queued(Export.objects.select_related("asked_by").get(job=job), job)


@shared_task(ignore_result=True)
def resume_jobs() -> None:
    """Send again the next step of every job that nobody does; runs, interest and files look after their parts."""
    send_lost_jobs(now())


@shared_task(ignore_result=True)
def clear_imports() -> None:
    """Forget previews that nobody confirmed in time, and the rows of imports that are long past."""
    expire_previews(now())


@shared_task(ignore_result=True)
def clear_exports() -> None:
    """Delete files that waited long enough for whoever asked for them."""
    expire_exports(now())


SCHEDULE = [
    Periodic("resume jobs", resume_jobs, timedelta(seconds=10)),
    Periodic("delete exported files that were kept long enough", clear_exports, timedelta(hours=1)),
    Periodic("forget previews that nobody confirmed", clear_imports, timedelta(hours=1)),
]
