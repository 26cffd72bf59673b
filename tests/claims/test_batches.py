"""Settling all registered claims of a region as a job: in order, once, whoever tries again."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import LedgerEntry
from agency.models import Job, JobState
from agency.services.jobs import queue_job
from claims.models import ClaimState, Settlement
from claims.services import batches
from claims.services.batches import Place, registered_claims, settle_chunk
from claims.services.settlement import settle_claim
from tests import builder
from tests.builder.batches import TODAY, Desk
from tests.builder.threads import together


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHUNK_SIZE", 2)


def finished(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_claims_are_settled_in_the_order_of_service(desk: Desk) -> None:
    """The month's ceiling of 150 yuan goes to the earlier visit, although it was registered later."""
    late = desk.claim("late", 20, amount="200.00")
    early = desk.claim("early", 5, amount="200.00")
    job = desk.queue()
    assert desk.chunk(job) is None
    assert Settlement.objects.get(claim=early).pooled == Decimal("120.00")
    assert Settlement.objects.get(claim=late).pooled == Decimal("30.00")
    assert Settlement.objects.first().settled_by == desk.clerk  # type: ignore[union-attr]
    job = finished(job)
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    assert job.result == {"settled": 2, "left_registered": 0}


def test_refusals_are_counted_and_claims_of_other_regions_left(desk: Desk) -> None:
    refused = desk.claim("refused", 5, builder.a_provider(desk.region, designated=False))
    elsewhere = Desk.__new__(Desk)
    elsewhere.region = builder.region("dazhou")
    elsewhere.member, elsewhere.clinic = builder.insured(elsewhere.region), builder.a_provider(elsewhere.region)
    other = elsewhere.claim("other", 5)
    job = desk.queue()
    desk.chunk(job)
    refused.refresh_from_db()
    other.refresh_from_db()
    assert (refused.state, refused.refusal_reason) == (ClaimState.REFUSED, "not_designated")
    assert other.state == ClaimState.REGISTERED
    assert finished(job).result == {"refused": 1, "left_registered": 0}


@pytest.mark.usefixtures("small_chunks")
def test_chunks_follow_each_other_until_no_claim_is_left(desk: Desk) -> None:
    claims = [desk.claim(f"C{number}", number) for number in (1, 2, 3, 4, 5)]
    job = desk.queue()
    first = desk.chunk(job)
    assert first == Place(claims[1].served_on, claims[1].pk)
    assert (finished(job).done, job.total, job.state) == (2, 5, JobState.RUNNING)
    second = desk.chunk(job, first)
    assert desk.chunk(job, second) is None
    assert (finished(job).done, job.state) == (5, JobState.DONE)


@pytest.mark.usefixtures("small_chunks")
def test_a_chunk_that_is_delivered_again_changes_nothing(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.claim(f"C{number}", number)
    job = desk.queue()
    first = desk.chunk(job)
    entries = LedgerEntry.objects.count()
    assert desk.chunk(job, Place(date(2023, 3, 2), 2**60)) is None
    assert (finished(job).done, job.result["settled"]) == (3, 3)
    settled = LedgerEntry.objects.count()
    assert settled > entries
    for after in (None, first):
        desk.chunk(job, after)
    assert LedgerEntry.objects.count() == settled
    assert (finished(job).done, job.result) == (3, {"settled": 3, "left_registered": 0})


def test_a_claim_that_was_settled_at_the_desk_meanwhile_is_not_counted(desk: Desk) -> None:
    settle_claim(desk.claim("C1", 1), today=TODAY)
    desk.claim("C2", 2)
    job = desk.queue()
    desk.chunk(job)
    assert finished(job).result == {"settled": 1, "left_registered": 0}


def test_a_claim_that_cannot_be_settled_stays_and_is_named(desk: Desk) -> None:
    """A pharmacy's claim without the tier of the prescriber."""
    desk.claim("INCOMPLETE", 1, desk.pharmacy)
    desk.claim("C2", 2)
    job = desk.queue()
    desk.chunk(job)
    assert finished(job).state == JobState.DONE
    assert job.result == {"settled": 1, "left_registered": 1}
    assert "INCOMPLETE: " in job.log
    assert registered_claims(desk.region) == 1


def test_claims_registered_after_the_order_wait_for_the_next(desk: Desk) -> None:
    last = desk.claim("C1", 1).pk
    job = desk.queue()
    desk.claim("C2", 2)
    settle_chunk(job, today=TODAY, last_claim=last, after=None)
    assert finished(job).result["settled"] == 1
    assert registered_claims(desk.region) == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_chunk_settle_and_count_each_claim_once() -> None:
    desk = Desk()
    for number in range(1, 13):
        desk.claim(f"C{number}", number)
    job = queue_job("settle_claims", region=desk.region, actor=desk.clerk)
    assert together(lambda: desk.chunk(job), lambda: desk.chunk(job)) == [None, None]
    assert Settlement.objects.count() == 12
    assert finished(job).result["settled"] == 12
    assert (job.state, job.done, job.total) == (JobState.DONE, 12, 12)
