"""How far a run over a file is, told while its rows are in a transaction; and whether it was cancelled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

from django.db import connection

from agency.models import Job
from files.models import FileImport

# How often a run looks whether it was cancelled, and says how far it is, in rows and in seconds.
_STEP = 100
_TOLD_EVERY = 1.0


class Cancelled(Exception):
    """The person has cancelled the run."""


@contextmanager
def told_progress(file_import: FileImport) -> Iterator[Callable[[int], None]]:
    """A function to be told the number of the row that is done: it keeps the job's count, and raises `Cancelled`.

    The count is written beside the transaction in which the rows are, so that others see it.
    """
    last = monotonic()

    with ThreadPoolExecutor(1) as beside:

        def tell(number: int) -> None:
            nonlocal last
            if number % _STEP:
                return
            if FileImport.objects.filter(pk=file_import.pk, is_cancelled=True).exists():
                raise Cancelled
            if monotonic() - last >= _TOLD_EVERY:
                last = monotonic()
                beside.submit(_write_progress, file_import.step.pk, number)

        try:
            yield tell
        finally:
            beside.submit(connection.close)


def _write_progress(job_id: int, done: int) -> None:
    Job.objects.filter(pk=job_id).update(done=done)
