"""Workers verify the books and add up the months; the clock has both done every night."""

from celery import shared_task
from celery.schedules import crontab

from agency.models import PoolingRegion
from agency.schedule import Periodic
from agency.services.jobs import working_on
from agency.services.sealing import seal
from desk.services.books import perform_verification, queue_verification
from desk.services.months import perform_adding_up, queue_adding_up


@shared_task(ignore_result=True)
def verify_queued_books(job_id: int) -> None:
    """Verify the books that a job is about; one that has ended is left alone."""
    with working_on(job_id) as job:
        if job is not None:
            perform_verification(job)


@shared_task(ignore_result=True)
def verify_all_books() -> None:
    """Queue a verification of every region's books, each a job of its own."""
    for region in PoolingRegion.objects.all():
        queue_verification(region, actor=None)


@shared_task(ignore_result=True)
def add_up_queued_months(job_id: int) -> None:
    """Add up the months of the region that a job is about; one that has ended is left alone."""
    with working_on(job_id) as job:
        if job is not None:
            perform_adding_up(job)


@shared_task(ignore_result=True)
def add_up_all_months() -> None:
    """Queue the adding up of every region's months, each a job of its own."""
    for region in PoolingRegion.objects.all():
        queue_adding_up(region, actor=None)


@shared_task(ignore_result=True)
def seal_rows() -> None:
    """Continue the chain with what was written since."""
    seal()


SCHEDULE = [
    Periodic("seal what was written", seal_rows, crontab(hour=2, minute=0)),
    Periodic("verify the books", verify_all_books, crontab(hour=3, minute=0)),
    Periodic("add up the months of the fund", add_up_all_months, crontab(hour=5, minute=0)),
]
