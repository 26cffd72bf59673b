"""Long tasks report how far they are and how they ended."""

import pytest
from django.db import IntegrityError, transaction

from agency.models import Job, JobState
from agency.services.jobs import advance_job, fail_job, finish_job, log_job, queue_job, start_job
from tests.builder import region, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    """A job that somebody has just asked for."""
    return queue_job("import", region=region("pingliang"), actor=staff("zhang"), subject="members.csv")


def test_a_queued_job_knows_who_asked_for_what(job: Job) -> None:
    job.refresh_from_db()
    assert (job.state, job.kind, job.subject, job.percent) == (JobState.QUEUED, "import", "members.csv", 0)
    assert (job.requested_by.username if job.requested_by else "", job.region) == ("zhang", region("pingliang"))
    assert job.started_at is None
    assert str(job) == f"#{job.pk} import members.csv"


def test_a_job_that_ends_well_is_done_whole_with_its_result(job: Job) -> None:
    start_job(job, total=8)
    advance_job(job, 3)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent, job.finished_at) == (JobState.RUNNING, 3, 8, 37, None)
    assert job.started_at is not None

    finish_job(job, {"rows": 8})
    job.refresh_from_db()
    assert (job.state, job.done, job.percent, job.result) == (JobState.DONE, 8, 100, {"rows": 8})
    assert job.finished_at is not None
    assert job.finished_at >= job.started_at


def test_a_job_that_ends_badly_keeps_how_far_it_came_and_says_why(job: Job) -> None:
    start_job(job, total=4)
    advance_job(job)
    log_job(job, "row 2: amount is negative")
    fail_job(job, "nothing was imported")
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == (JobState.FAILED, 1, 25)
    assert job.log == "row 2: amount is negative\nnothing was imported\n"
    assert job.finished_at is not None


def test_units_of_several_workers_add_up(job: Job) -> None:
    start_job(job, total=4)
    one, another = Job.objects.get(pk=job.pk), Job.objects.get(pk=job.pk)
    advance_job(one)
    advance_job(another, 2)
    log_job(one, "one")
    log_job(another, "another\n")
    job.refresh_from_db()
    assert (job.done, job.log) == (3, "one\nanother\n")


def test_a_job_that_is_taken_up_again_counts_from_the_start(job: Job) -> None:
    start_job(job, total=4)
    advance_job(job, 3)
    start_job(job, total=4)
    job.refresh_from_db()
    assert (job.done, job.state) == (0, JobState.RUNNING)


def test_a_job_of_unknown_length_is_at_nought_until_it_is_done(job: Job) -> None:
    start_job(job)
    advance_job(job, 5)
    job.refresh_from_db()
    assert job.percent == 0
    finish_job(job)
    job.refresh_from_db()
    assert (job.percent, job.result) == (100, {})


def test_the_database_refuses_more_done_than_there_is(job: Job) -> None:
    start_job(job, total=2)
    with pytest.raises(IntegrityError, match="job_never_does_more_than_its_total"), transaction.atomic():
        advance_job(job, 3)
