"""Posting interest range by range: interrupted, repeated, by two workers at once, each account gets it once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import AccountKind, EntryKind, InterestState, LedgerAccount, LedgerEntry, YearlyInterest
from accounts.services import interest as service
from accounts.services.interest import post_interest, unfinished_interest
from agency.models import JobState
from config.celery import app
from tests import builder
from tests.builder import somebody
from tests.builder.accounts import move_in
from tests.builder.damage import change
from tests.builder.interest import approved, drain, region_with_accounts, submitted
from tests.builder.threads import together
from tests.processes import wait_for, worker

NEW_YEAR = date(2023, 1, 1)


def amounts() -> list[Decimal]:
    """Of the interest entries, by account."""
    entries = LedgerEntry.objects.filter(kind=EntryKind.INTEREST).order_by("credit")
    return list(entries.values_list("amount", flat=True))


def balances() -> list[Decimal | None]:
    accounts = LedgerAccount.objects.filter(kind=AccountKind.PERSONAL).order_by("pk")
    return list(accounts.values_list("balance", flat=True))


ONE, TWO, THREE = Decimal("1.00"), Decimal("2.00"), Decimal("3.00")


@pytest.mark.django_db
def test_ranges_are_counted_and_the_last_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RANGE_SIZE", 2)
    interest = approved(region_with_accounts("100.00", "200.00", "300.00"))
    assert interest.job is not None
    assert (interest.job.kind, interest.job.total) == ("yearly_interest", 2)
    assert unfinished_interest() == [interest.pk]
    assert post_interest(interest.pk)
    interest.job.refresh_from_db()
    assert (interest.job.done, interest.job.percent, amounts()) == (1, 50, [ONE, TWO])
    # The message was lost here; sent again, it goes on where it was.
    assert post_interest(interest.pk)
    assert not post_interest(interest.pk)
    interest.refresh_from_db()
    interest.job.refresh_from_db()
    assert (interest.state, interest.entry_count, interest.amount) == (InterestState.POSTED, 3, Decimal("6.00"))
    assert (interest.job.state, interest.job.result) == (JobState.DONE, {"entries": 3, "amount": "6.00"})
    assert unfinished_interest() == []


@pytest.mark.django_db
def test_what_is_not_approved_is_not_posted() -> None:
    interest = submitted(region_with_accounts("100.00"), somebody("maker"))
    assert not post_interest(interest.pk)
    assert (amounts(), unfinished_interest()) == ([], [])


@pytest.mark.django_db
def test_a_region_without_accounts_is_posted_with_nothing() -> None:
    interest = approved(region_with_accounts())
    assert not post_interest(interest.pk)
    interest.refresh_from_db()
    assert (interest.state, interest.entry_count, interest.amount) == (InterestState.POSTED, 0, Decimal("0.00"))


@pytest.mark.django_db
def test_what_is_posted_is_not_posted_again() -> None:
    interest = approved(region_with_accounts("100.00"))
    drain(interest)
    drain(interest)
    # Also where somebody puts its state back, or its job is gone: the keys are in the ledger.
    change(interest, state=InterestState.POSTING, job=None)
    drain(interest)
    interest.refresh_from_db()
    assert (interest.state, interest.entry_count, interest.amount) == (InterestState.POSTED, 1, ONE)
    assert (amounts(), balances()) == ([ONE], [Decimal("101.00")])


@pytest.mark.django_db
def test_a_worker_that_dies_within_a_range_leaves_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RANGE_SIZE", 2)
    interest = approved(region_with_accounts("100.00", "200.00", "300.00"))
    post_interest(interest.pk)
    with transaction.atomic():
        assert post_interest(interest.pk)
        assert amounts() == [ONE, TWO, THREE]
        transaction.set_rollback(True)
    assert (amounts(), balances()) == ([ONE, TWO], [Decimal("101.00"), Decimal("202.00"), Decimal("300.00")])
    drain(interest)
    assert (amounts(), balances()) == ([ONE, TWO, THREE], [Decimal("101.00"), Decimal("202.00"), Decimal("303.00")])


@pytest.mark.django_db
def test_an_account_opened_since_the_approval_is_in_the_last_range() -> None:
    region = region_with_accounts("100.00")
    interest = approved(region)
    first = LedgerAccount.objects.get(kind=AccountKind.PERSONAL)
    LedgerAccount.objects.create(
        pk=first.pk + 3 * service.RANGE_SIZE,
        region=region,
        kind=AccountKind.PERSONAL,
        member=builder.insured(region),
        balance=Decimal("0.00"),
    )
    move_in(LedgerAccount.objects.latest("pk"), "200.00", NEW_YEAR)
    drain(interest)
    assert amounts() == [ONE, TWO]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_each_account_its_interest_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RANGE_SIZE", 1)
    interest = approved(region_with_accounts(*["100.00"] * 12))
    outcomes = together(*[lambda: drain(interest)] * 3)
    assert outcomes == [None, None, None]
    interest.refresh_from_db()
    assert (interest.state, interest.entry_count, interest.amount) == (InterestState.POSTED, 12, Decimal("12.00"))
    assert (amounts(), balances()) == ([ONE] * 12, [Decimal("101.00")] * 12)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_worker_posts_what_was_approved_range_after_range() -> None:
    # What earlier tests sent is about rows that are gone.
    app.control.purge()
    region = region_with_accounts("100.00")
    first = LedgerAccount.objects.get(kind=AccountKind.PERSONAL)
    # So many numbers apart that they are in ranges of their own.
    LedgerAccount.objects.create(
        pk=first.pk + 2 * service.RANGE_SIZE,
        region=region,
        kind=AccountKind.PERSONAL,
        member=builder.insured(region),
        balance=Decimal("0.00"),
    )
    move_in(LedgerAccount.objects.latest("pk"), "200.00", NEW_YEAR)
    interest = approved(region)
    assert interest.job is not None
    assert interest.job.total == 3
    with worker():
        wait_for(lambda: is_posted(interest), "The interest is not posted.")
    assert (interest.state, interest.entry_count, interest.amount) == (InterestState.POSTED, 2, Decimal("3.00"))
    assert balances() == [Decimal("101.00"), Decimal("202.00")]


def is_posted(interest: YearlyInterest) -> bool:
    interest.refresh_from_db()
    return interest.state == InterestState.POSTED
