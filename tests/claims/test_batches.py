"""Settling all registered claims of a region as a job: in order, once, whoever tries again."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import LedgerEntry
from agency.models import Job, JobState, PoolingRegion, Role
from agency.services.jobs import queue_job
from claims.models import Claim, ClaimState, Settlement
from claims.services import batches
from claims.services.batches import Place, queue_settlement, registered_claims, settle_chunk
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.settlement import settle_claim
from members.models import Member
from policies.engine.vocabulary import Tier
from providers.models import Provider
from tests import house
from tests.claims.test_concurrency import together

TODAY = date(2023, 4, 10)
MARCH = date(2023, 3, 1)


class Desk:
    """A region with a member and a primary institution."""

    def __init__(self) -> None:
        self.region: PoolingRegion = house.region("kaifeng")
        self.member: Member = house.insured(self.region)
        house.contributions(self.member, MARCH, MARCH)
        self.clinic: Provider = house.a_provider(self.region)
        self.pharmacy: Provider = house.a_provider(self.region, Tier.PHARMACY)
        self.clerk = house.staff("clerk", Role.CLERK)

    def claim(self, number: str, day: int, provider: Provider | None = None, amount: str = "100.00") -> Claim:
        """A claim of one line in March."""
        return register_claim(
            NewClaim(
                member=self.member,
                provider=provider or self.clinic,
                claim_number=number,
                served_on=MARCH.replace(day=day),
                lines=[house.a_line(amount)],
            ),
            today=TODAY,
            reason="test",
        )

    def queue(self) -> Job:
        """A job; the message to the workers is sent when the test's transaction ends, which it never does."""
        return queue_settlement(self.region, today=TODAY, actor=self.clerk)

    def chunk(self, job: Job, after: Place | None = None) -> Place | None:
        """What a worker does with the job's next message."""
        return settle_chunk(Job.objects.get(pk=job.pk), today=TODAY, last_claim=2**60, after=after)


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
    refused = desk.claim("refused", 5, house.a_provider(desk.region, designated=False))
    elsewhere = Desk.__new__(Desk)
    elsewhere.region = house.region("dazhou")
    elsewhere.member, elsewhere.clinic = house.insured(elsewhere.region), house.a_provider(elsewhere.region)
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
