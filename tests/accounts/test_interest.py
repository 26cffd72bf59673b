"""Yearly interest: who may have it posted, on what it is paid, and that each account gets it once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    AccountKind,
    AccountState,
    EntryKind,
    InterestState,
    LedgerAccount,
    LedgerEntry,
    YearlyInterest,
)
from accounts.services.interest import approve_interest, refuse_interest
from accounts.services.ledger import book
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import PoolingRegion, User
from agency.services.regions import switch_account_interest
from tests import builder
from tests.builder.accounts import an_account, move_in, pay
from tests.builder.damage import rewrite
from tests.builder.interest import posted, region_with_interest, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2025, 1, 10)
NEW_YEAR, MIDSUMMER, LAST_DAY = date(2023, 1, 1), date(2023, 7, 1), date(2023, 12, 31)


@pytest.fixture
def region() -> PoolingRegion:
    return region_with_interest()


@pytest.fixture
def account(region: PoolingRegion) -> LedgerAccount:
    return an_account(region)


def balance_of(account: LedgerAccount) -> Decimal | None:
    return LedgerAccount.objects.get(pk=account.pk).balance


def interest_of(account: LedgerAccount, year: int = 2023) -> Decimal:
    """What the account was given for the year, yuan; nothing is zero."""
    entry = LedgerEntry.objects.filter(credit=account, kind=EntryKind.INTEREST, posted_on__year=year).first()
    return entry.amount if entry else Decimal("0.00")


# On what it is paid


@pytest.mark.parametrize(
    ("moves", "rate", "expected"),
    [
        # 1000 × 0.35 % × 365/365
        ([("1000.00", NEW_YEAR)], "0.0035", "3.50"),
        ([("1000.00", date(2022, 6, 1))], "0.0035", "3.50"),
        # Two days short of the year: 1000 × 0.35 % × 363/365 = 3.4808…
        ([("1000.00", date(2023, 1, 3))], "0.0035", "3.48"),
        # 184 days: 1000 × 0.35 % × 184/365 = 1.7643…
        ([("1000.00", MIDSUMMER)], "0.0035", "1.76"),
        # 400 are gone for 92 days: (1000 × 365 - 400 × 92) × 0.35 % / 365 = 3.1471…
        ([("1000.00", NEW_YEAR), ("-400.00", date(2023, 10, 1))], "0.0035", "3.15"),
        # There for a morning only.
        ([("1000.00", MIDSUMMER), ("-1000.00", MIDSUMMER)], "0.0035", "0.00"),
        # One day, the last: 100000 × 3.65 % / 365
        ([("100000.00", LAST_DAY)], "0.0365", "10.00"),
        # What is posted into the next year does not count.
        ([("1000.00", date(2024, 1, 1))], "0.0035", "0.00"),
        ([("1000.00", NEW_YEAR), ("-1000.00", date(2024, 1, 1))], "0.0035", "3.50"),
        # Half a fen is one: 365 × 0.5 % / 365 = 0.005; less than half a fen is nothing.
        ([("365.00", LAST_DAY)], "0.005", "0.01"),
        ([("364.99", LAST_DAY)], "0.005", "0.00"),
        # Half up and not to the even figure: 365 × 12.5 % / 365 = 0.125
        ([("365.00", LAST_DAY)], "0.125", "0.13"),
    ],
)
def test_interest_is_paid_on_each_days_balance(
    region: PoolingRegion,
    account: LedgerAccount,
    maker: User,
    checker: User,
    moves: list[tuple[str, date]],
    rate: str,
    expected: str,
) -> None:
    for amount, day in moves:
        if amount.startswith("-"):
            pay(account, amount[1:], day)
        else:
            move_in(account, amount, day)
    before = balance_of(account)
    assert before is not None
    posted(region, maker, checker, rate)
    assert interest_of(account) == Decimal(expected)
    assert balance_of(account) == before + Decimal(expected)


@pytest.mark.parametrize(
    ("day", "rate", "expected"),
    [
        # The whole of a leap year, and one of its 366 days: 100000 × 3.66 % / 366
        (date(2024, 1, 1), "0.0035", "350.00"),
        (date(2024, 12, 31), "0.0366", "10.00"),
        # From 29 February on 307 days: 100000 × 0.366 % × 307/366 = 307.00
        (date(2024, 2, 29), "0.00366", "307.00"),
    ],
)
def test_a_leap_year_has_366_days(
    region: PoolingRegion, account: LedgerAccount, maker: User, checker: User, day: date, rate: str, expected: str
) -> None:
    move_in(account, "100000.00", day)
    posted(region, maker, checker, rate, year=2024)
    assert interest_of(account, 2024) == Decimal(expected)


def test_interest_bears_interest_from_the_last_day_of_its_year(
    region: PoolingRegion, account: LedgerAccount, maker: User, checker: User
) -> None:
    """1000 at 10 % are 100 for 2022; 1100 at 10 % are 110 for 2023."""
    move_in(account, "1000.00", date(2022, 1, 1))
    posted(region, maker, checker, "0.1", year=2022)
    posted(region, maker, checker, "0.1", year=2023)
    assert (interest_of(account, 2022), interest_of(account, 2023)) == (Decimal("100.00"), Decimal("110.00"))
    assert balance_of(account) == Decimal("1210.00")


def test_frozen_accounts_get_it_and_closed_accounts_do_not(
    region: PoolingRegion, account: LedgerAccount, maker: User, checker: User
) -> None:
    frozen, closed = an_account(region), an_account(region)
    for each in (account, frozen, closed):
        move_in(each, "1000.00", NEW_YEAR)
    pay(closed, "1000.00", LAST_DAY)
    LedgerAccount.objects.filter(pk=frozen.pk).update(state=AccountState.FROZEN)
    LedgerAccount.objects.filter(pk=closed.pk).update(state=AccountState.CLOSED)
    interest = posted(region, maker, checker)
    assert [str(interest_of(each)) for each in (account, frozen, closed)] == ["3.50", "3.50", "0.00"]
    assert (interest.entry_count, interest.amount) == (2, Decimal("7.00"))


def test_accounts_of_other_regions_and_the_books_get_nothing(
    region: PoolingRegion, account: LedgerAccount, maker: User, checker: User
) -> None:
    stranger = an_account(builder.region("kaifeng"))
    later = an_account(region)
    for each in (account, stranger, later):
        move_in(each, "1000.00", NEW_YEAR)
    posted(region, maker, checker)
    assert balance_of(stranger) == Decimal("1000.00")
    credited = LedgerEntry.objects.filter(kind=EntryKind.INTEREST).order_by("credit").values_list("credit", flat=True)
    assert list(credited) == [account.pk, later.pk]


def test_an_entry_says_where_it_comes_from_and_on_what_it_was_paid(
    region: PoolingRegion, account: LedgerAccount, maker: User, checker: User
) -> None:
    """1000 for 184 of 365 days are 504.11 on average."""
    move_in(account, "1000.00", MIDSUMMER)
    interest = posted(region, maker, checker)
    entry = LedgerEntry.objects.get(kind=EntryKind.INTEREST)
    assert (entry.debit, entry.credit) == (book(region, AccountKind.INTEREST), account)
    assert (entry.posted_on, entry.posted_by, entry.basis) == (LAST_DAY, checker, Decimal("504.11"))
    assert (entry.cause, entry.key) == (f"interest:{interest.pk}", f"interest:{region.pk}:2023:{account.pk}")


# Who may have it posted


def test_the_switch_is_off_to_begin_with_and_the_refusal_names_it(maker: User) -> None:
    region = builder.region("kaifeng")
    assert not region.pays_account_interest
    with pytest.raises(DomainError, match="switch “pays interest on personal accounts”"):
        submitted(region, maker)
    assert not YearlyInterest.objects.exists()


def test_nothing_is_approved_once_the_switch_is_off_again(region: PoolingRegion, maker: User, checker: User) -> None:
    interest = submitted(region, maker)
    switch_account_interest(region, pays=False, actor=maker, reason="withdrawn")
    with pytest.raises(DomainError, match="switch"):
        approve_interest(interest, actor=checker)
    refuse_interest(interest, actor=checker, reason="withdrawn")


@pytest.mark.parametrize("year", [2025, 2026, 0])
def test_a_year_that_is_not_over_is_refused(region: PoolingRegion, maker: User, year: int) -> None:
    with pytest.raises(DomainError, match=f"{year} is not a year that is over"):
        submitted(region, maker, year=year)


def test_the_year_is_over_on_new_years_day(region: PoolingRegion, maker: User) -> None:
    with pytest.raises(DomainError):
        submitted(region, maker, year=2024, today=date(2024, 12, 31))
    assert submitted(region, maker, year=2024, today=date(2025, 1, 1)).state == InterestState.SUBMITTED


@pytest.mark.parametrize("rate", ["0", "-0.01", "1", "1.5", "0.0000001", "0.1234567"])
def test_a_rate_that_is_none_is_refused(region: PoolingRegion, maker: User, rate: str) -> None:
    with pytest.raises(DomainError, match="yearly rate") as refusal:
        submitted(region, maker, rate)
    assert refusal.value.details == {"field": "rate"}


@pytest.mark.parametrize("rate", ["0.000001", "0.999999"])
def test_the_smallest_and_the_largest_rate_are_taken(region: PoolingRegion, maker: User, rate: str) -> None:
    assert submitted(region, maker, rate).rate == Decimal(rate)


@pytest.mark.parametrize("lacking", [{"source": " "}, {"reason": ""}])
def test_document_and_reason_are_asked_for(region: PoolingRegion, maker: User, lacking: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        submitted(region, maker, **lacking)


def test_a_year_is_submitted_once_unless_it_was_refused(region: PoolingRegion, maker: User, checker: User) -> None:
    first = submitted(region, maker)
    with pytest.raises(DomainError, match="2023 is submitted or posted already"):
        submitted(region, maker, "0.004")
    submitted(region, maker, year=2022)
    refuse_interest(first, actor=checker, reason="the rate is 0.40 %")
    posted(region, maker, checker, "0.004")
    with pytest.raises(DomainError, match="submitted or posted already"):
        submitted(region, maker)


def test_the_history_keeps_why_it_was_asked_for_and_the_approval(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    interest = approve_interest(submitted(region, maker), actor=checker)
    assert [row.history_change_reason for row in interest.history.all()] == ["approved", "year closed"]


def test_what_was_changed_after_submission_is_not_approved(region: PoolingRegion, maker: User, checker: User) -> None:
    interest = submitted(region, maker)
    rewrite(YearlyInterest.objects.filter(pk=interest.pk), rate=Decimal("0.35"))
    with pytest.raises(SubmissionVoided):
        approve_interest(interest, actor=checker)


def test_the_database_refuses_posting_without_approval_and_a_second_interest(
    region: PoolingRegion, maker: User
) -> None:
    interest = submitted(region, maker)
    for wrong in ({"state": InterestState.POSTING}, {"decided_by": maker}, {"rate": Decimal("1")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite(YearlyInterest.objects.filter(pk=interest.pk), **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyInterest.objects.create(region=region, year=2023, rate=Decimal("0.1"), source="x")
