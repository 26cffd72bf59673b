"""Workers settle what files of direct settlements report."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import OperationalError, reset_queries
from django.utils.timezone import now

from agency.schedule import Periodic
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from clearing.services.settled_files import lost_files

# Done again without effect: so a lost worker's task goes to another one, and the network's or the database's absence is
# waited for.
_REPEATABLE: dict[str, Any] = {
    "acks_late": True,
    "reject_on_worker_lost": True,
    "ignore_result": True,
    "autoretry_for": (OSError, OperationalError),
    "retry_backoff": True,
}


@shared_task(**_REPEATABLE)
def read_settled_file(file_id: int) -> None:
    """Read a file of direct settlements, and send every chunk of it that waits to the workers."""
    for chunk_id in read_file(file_id):
        settle_settled_chunk.delay(chunk_id)


@shared_task(**_REPEATABLE)
def settle_settled_chunk(chunk_id: int) -> None:
    """Settle one chunk of a file; a chunk done before is left alone."""
    settle_file_chunk(chunk_id)
    # In development Django keeps every statement until a request ends, and a worker has no requests.
    reset_queries()


@shared_task(ignore_result=True)
def resume_settled_files() -> None:
    """Send again what a lost worker or a lost message left behind."""
    for file_id in lost_files(now()):
        read_settled_file.delay(file_id)


SCHEDULE = [Periodic("resume files of settlements", resume_settled_files, timedelta(seconds=10))]
