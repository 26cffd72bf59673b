"""A batch of re-settlements: by whom, what was seen, what cannot be calculated, and work that broke off.

Pingliang, a retiree at a primary institution: a deductible of 200.00 a year, 70 % above it, at most 2500.00 a year;
from 1 July 2023 75 %, which is known in October.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import JobState, User
from claims.models import BatchYear, Claim, Resettlement, ResettlementBatch, Settlement
from claims.selectors.former_law import former_law
from claims.services import batch_work
from claims.services.resettlement_batches import (
    approve_batch,
    discard_batch,
    draft_batch,
    go_on,
    leave_out,
    plan_again,
    refuse_batch,
    submit_batch,
)
from claims.services.reversal import request_reversal
from claims.tasks import work_on_resettlements
from clearing.models import DeductionKind
from clearing.services.deductions import note_deduction, withdraw_deduction
from members.models import Member
from tests import builder
from tests.builder import REASON, retiree
from tests.builder.books import books_agree
from tests.builder.closings import brought, closed
from tests.builder.damage import rewrite
from tests.builder.former_law import KNOWN, planned, published, settled_anew, worked_on, years_of
from tests.builder.resettlements import anew, standing
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db

BEFORE, INSIDE, LATER = date(2023, 3, 1), date(2023, 8, 1), date(2023, 8, 20)


def test_it_is_asked_for_with_a_reason_once_and_decided_by_another(maker: User, checker: User) -> None:
    settled(retiree(), "400.00", served_on=INSIDE)
    version = published(maker, checker)
    with pytest.raises(DomainError):
        draft_batch(version, actor=maker, reason=" ")
    with pytest.raises(DomainError):
        draft_batch(version.copied_from, actor=maker, reason=REASON)  # type: ignore[arg-type]
    batch = planned(version, maker)
    with pytest.raises(DomainError):
        draft_batch(version, actor=checker, reason=REASON)
    with pytest.raises(IntegrityError, match="one_open_batch"), transaction.atomic():
        ResettlementBatch.objects.create(region=version.region, version=version, reason=REASON)
    submitter = builder.staff("submitter")
    submit_batch(batch, actor=submitter)
    for author in (maker, submitter):
        with pytest.raises(SamePersonDecides):
            approve_batch(batch, actor=author)
    refuse_batch(batch, actor=checker, reason="not yet")
    again = planned(version, maker)
    discard_batch(again, actor=maker, reason="entered twice")
    assert former_law(version).settlements == 1
    assert not Settlement.objects.filter(reverses__isnull=False).exists()


def test_what_is_settled_anew_follows_from_a_reversal_or_from_a_batch(maker: User, checker: User) -> None:
    settled(retiree(), "400.00", served_on=INSIDE)
    settled_anew(published(maker, checker), maker, checker)
    with pytest.raises(IntegrityError, match="from_a_reversal_or_from_a_batch"), transaction.atomic():
        rewrite(Resettlement.objects, batch_year=None)


def test_only_what_was_seen_is_settled_anew(maker: User, checker: User) -> None:
    """400.00 pays 140.00, then 150.00; 4000.00 the rest of the ceiling: 2360.00, then 2350.00.

    Where a claim that was settled since changes all years, the decision is void; where some, these are left.
    """
    one, two = retiree(), retiree()
    for member in (one, two):
        settled(member, "400.00", served_on=INSIDE)
    version = published(maker, checker)
    batch = submit_batch(planned(version, maker), actor=maker)
    settled(one, "4000.00", served_on=BEFORE)
    batch.refresh_from_db()
    with transaction.atomic():
        settled(two, "4000.00", served_on=BEFORE)
        with pytest.raises(SubmissionVoided):
            approve_batch(batch, actor=checker)
        transaction.set_rollback(True)
    batch = worked_on(approve_batch(batch, actor=checker))
    assert [state for state, _difference in years_of(batch)] == ["skipped", "settled"]
    assert former_law(version).members == 1
    again = settled_anew(version, maker, checker)
    assert years_of(again) == [("settled", "0.00")]
    assert standing(one) == [("200.00", "150.00"), ("0.00", "2350.00")]
    books_agree(one.region)


def test_an_account_that_is_closed_since_keeps_its_year_for_the_next_batch(maker: User, checker: User) -> None:
    member = retiree()
    brought(member, "500.00", maker, checker)
    settled(member, served_on=INSIDE, pay_from_account=True)
    version = published(maker, checker)
    batch = submit_batch(planned(version, maker), actor=maker)
    assert (batch.difference, batch.pooled_difference) == (Decimal("0.00"), Decimal("5.00"))
    batch = approve_batch(batch, actor=checker)
    closed(member, maker, checker, LATER, today=KNOWN)
    batch = worked_on(batch)
    assert years_of(batch) == [("skipped", "0.00")]
    assert batch.years.get().sentence
    assert not Resettlement.objects.exists()


def test_what_cannot_be_calculated_is_mended_or_left_out(maker: User, checker: User) -> None:
    """An audit deducts 135.00 for a visit of which 65 % of 200.00 are 130.00."""
    audited, other = retiree(), retiree()
    visit = settled(audited, "400.00", served_on=INSIDE)
    settled(other, "400.00", served_on=INSIDE)
    deduction = note_deduction(
        visit.claim.provider,
        claim=visit.claim,
        kind=DeductionKind.INSPECTION,
        amount=Decimal("135.00"),
        finding="超标准收费",
        found_on=LATER,
        today=LATER,
        actor=checker,
    )
    version = published(maker, checker, rate="0.65")
    batch = planned(version, maker)
    assert years_of(batch) == [("faulty", "0.00"), ("otherwise", "-10.00")]
    assert "135.00" in batch.years.get(member=audited).sentence
    with pytest.raises(DomainError):
        submit_batch(batch, actor=maker)
    with pytest.raises(DomainError):
        leave_out(batch, actor=maker, reason=" ")
    with transaction.atomic():
        left = leave_out(batch, actor=maker, reason="the audit is not over")
        left = worked_on(approve_batch(submit_batch(left, actor=maker), actor=checker))
        assert years_of(left) == [("left_out", "0.00"), ("settled", "-10.00")]
        assert former_law(version).members == 1
        transaction.set_rollback(True)
    withdraw_deduction(deduction, actor=checker, reason="wrong claim")
    batch.refresh_from_db()
    assert years_of(worked_on(plan_again(batch, actor=maker))) == [("otherwise", "-10.00"), ("otherwise", "-10.00")]


def a_batch_of_three(maker: User, checker: User) -> tuple[list[Member], ResettlementBatch]:
    members = [retiree() for _ in range(3)]
    for member in members:
        settled(member, "400.00", served_on=INSIDE)
    batch = submit_batch(planned(published(maker, checker), maker), actor=maker)
    return members, approve_batch(batch, actor=checker)


def test_a_chunk_that_is_done_again_and_one_that_broke_off_settle_each_year_once(
    maker: User, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_work, "CHUNK_SIZE", 1)
    members, batch = a_batch_of_three(maker, checker)
    job = batch.job
    assert job is not None
    first = list(job.arguments)
    for _delivered in range(2):
        work_on_resettlements(job.pk, *first)
    job.refresh_from_db()
    assert (job.done, job.total, Resettlement.objects.count()) == (1, 3, 1)
    # The worker died in the middle of the next one: the job is begun again, from the start.
    job.state = JobState.FAILED
    job.save()
    batch = worked_on(go_on(batch, actor=maker))
    assert [state for state, _difference in years_of(batch)] == ["settled"] * 3
    assert [standing(member) for member in members] == [[("200.00", "150.00")]] * 3
    assert Resettlement.objects.count() == 3
    books_agree(batch.region)


def test_one_that_was_taken_back_by_a_batch_is_not_taken_back_by_a_reversal(maker: User, checker: User) -> None:
    visit = settled(retiree(), "400.00", served_on=INSIDE)
    settled_anew(published(maker, checker), maker, checker)
    with pytest.raises(DomainError):
        request_reversal(visit, actor=maker, reason=REASON)
    assert request_reversal(anew(visit), actor=maker, reason=REASON).plan == []
    assert Claim.objects.get(pk=visit.claim_id).state == "settled"
    assert BatchYear.objects.get().resettlements.count() == 1
