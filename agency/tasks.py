"""The clock sends again what a lost worker or a lost message left behind."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from agency.models import Export
from agency.schedule import Periodic
from agency.services.exports import expire_exports, write_queued
from agency.services.jobs import send_lost_jobs, working_on


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
def clear_exports() -> None:
    """Delete files that waited long enough for whoever asked for them."""
    expire_exports(now())


SCHEDULE = [
    Periodic("resume jobs", resume_jobs, timedelta(seconds=10)),
    Periodic("delete exported files that were kept long enough", clear_exports, timedelta(hours=1)),
]
