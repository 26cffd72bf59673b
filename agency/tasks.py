"""The clock sends again what a lost worker or a lost message left behind."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from agency.schedule import Periodic
from agency.services.jobs import send_lost_jobs


@shared_task(ignore_result=True)
def resume_jobs() -> None:
    """Send again the next step of every job that nobody does; runs, interest and files look after their parts."""
    send_lost_jobs(now())


SCHEDULE = [Periodic("resume jobs", resume_jobs, timedelta(seconds=10))]
