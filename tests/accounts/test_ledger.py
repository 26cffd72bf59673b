"""The ledger refuses what would make money appear, vanish or change its past, whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, transaction

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.ledger import (
    AccountIsClosed,
    AccountIsFrozen,
    InsufficientBalance,
    Posting,
    book,
    post,
    reverse_entries,
)
from agency.exceptions import DomainError
from members.models import Member
from tests import builder
from tests.builder.accounts import an_account
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db

DAY = date(2023, 3, 31)


@pytest.fixture
def member() -> Member:
    return builder.insured(builder.region("pingliang"))


@pytest.fixture
def account(member: Member) -> LedgerAccount:
    return an_account(member.region, member)


@pytest.fixture
def fund(member: Member) -> LedgerAccount:
    return book(member.region, AccountKind.POOLED_FUND)


def credit(fund: LedgerAccount, account: LedgerAccount, amount: str, key: str = "k") -> LedgerEntry:
    posting = Posting(fund, account, Decimal(amount), EntryKind.POOLED_PAYMENT, key, "test")
    return post([posting], on=DAY, actor=None)[0]


def debit(account: LedgerAccount, amount: str, key: str = "d") -> LedgerEntry:
    payable = book(account.region, AccountKind.PROVIDER_PAYABLE)
    posting = Posting(
        account, payable, Decimal(amount), EntryKind.SPENDING, key, "test", provider=builder.pharmacy(account.region)
    )
    return post([posting], on=DAY, actor=None)[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_ledgerentry SET amount = 1",
        "DELETE FROM accounts_ledgerentry",
        "TRUNCATE accounts_ledgerentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_entries(fund: LedgerAccount, account: LedgerAccount, statement: str) -> None:
    credit(fund, account, "90.00")
    with pytest.raises(Error), owners_cursor() as cursor:
        cursor.execute(statement)
    assert LedgerEntry.objects.get().amount == Decimal("90.00")


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_an_entry_moves_a_positive_amount(fund: LedgerAccount, account: LedgerAccount, amount: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            region=account.region,
            debit=fund,
            credit=account,
            amount=Decimal(amount),
            kind=EntryKind.POOLED_PAYMENT,
            posted_on=DAY,
            cause="test",
            key="k",
        )


def test_an_entry_moves_between_two_accounts(fund: LedgerAccount) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        credit(fund, fund, "1.00")


def test_a_credit_names_its_month_component_and_rule(fund: LedgerAccount, account: LedgerAccount) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            [Posting(fund, account, Decimal("1.00"), EntryKind.MONTHLY_CREDIT, "k", "test")],
            on=DAY,
            actor=None,
        )


def test_the_same_key_is_posted_once(fund: LedgerAccount, account: LedgerAccount) -> None:
    credit(fund, account, "90.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        credit(fund, account, "90.00")
    account.refresh_from_db()
    assert account.balance == Decimal("90.00")


def test_a_balance_never_falls_below_zero_not_even_around_the_service(
    fund: LedgerAccount, account: LedgerAccount
) -> None:
    credit(fund, account, "90.00")
    with pytest.raises(InsufficientBalance), transaction.atomic():
        debit(account, "90.01")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerAccount.objects.filter(pk=account.pk).update(balance=Decimal("-0.01"))
    debit(account, "90.00")
    account.refresh_from_db()
    assert account.balance == Decimal("0.00")


def test_nothing_moves_on_a_closed_account(fund: LedgerAccount, account: LedgerAccount) -> None:
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.CLOSED)
    with pytest.raises(AccountIsClosed), transaction.atomic():
        credit(fund, account, "1.00")
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("state", "comes", "pays", "refused"),
    [
        # What comes in and leaves in one posting only passes through.
        (AccountState.CLOSED, "5.00", "5.00", None),
        (AccountState.CLOSED, "5.01", "5.00", AccountIsClosed),
        (AccountState.CLOSED, "5.00", "5.01", AccountIsClosed),
        (AccountState.FROZEN, "5.00", "5.00", None),
        (AccountState.FROZEN, "5.01", "5.00", None),
        (AccountState.FROZEN, "5.00", "5.01", AccountIsFrozen),
    ],
)
def test_money_passes_through_an_account_that_pays_nothing_of_its_own(
    fund: LedgerAccount,
    account: LedgerAccount,
    state: AccountState,
    comes: str,
    pays: str,
    refused: type[DomainError] | None,
) -> None:
    """10.00 are in it, and 0.00 in a closed one."""
    held = Decimal("0.00") if state == AccountState.CLOSED else Decimal("10.00")
    LedgerAccount.objects.filter(pk=account.pk).update(state=state, balance=held)
    postings = [
        Posting(fund, account, Decimal(comes), EntryKind.POOLED_PAYMENT, "in", "test"),
        Posting(account, fund, Decimal(pays), EntryKind.POOLED_PAYMENT, "out", "test"),
    ]
    if refused is None:
        post(postings, on=DAY, actor=None)
        held += Decimal(comes) - Decimal(pays)
    else:
        with pytest.raises(refused), transaction.atomic():
            post(postings, on=DAY, actor=None)
    account.refresh_from_db()
    assert account.balance == held
    assert LedgerEntry.objects.count() == (0 if refused else 2)


def test_an_entry_is_reversed_once_and_the_balance_returns(fund: LedgerAccount, account: LedgerAccount) -> None:
    entry = credit(fund, account, "90.00")
    (counter,) = reverse_entries([entry], on=DAY, actor=None, cause="test")
    assert (counter.debit_id, counter.credit_id, counter.amount) == (account.pk, fund.pk, Decimal("90.00"))
    account.refresh_from_db()
    assert account.balance == Decimal("0.00")
    credit(fund, account, "90.00", key="again")
    with pytest.raises(IntegrityError), transaction.atomic():
        reverse_entries([entry], on=DAY, actor=None, cause="test")


def test_several_entries_are_posted_all_or_nothing(fund: LedgerAccount, account: LedgerAccount) -> None:
    good = Posting(fund, account, Decimal("1.00"), EntryKind.POOLED_PAYMENT, "a", "test")
    too_much = Posting(
        account, fund, Decimal("5.00"), EntryKind.SPENDING, "b", "test", provider=builder.pharmacy(fund.region)
    )
    with pytest.raises(InsufficientBalance), transaction.atomic():
        post([good, too_much], on=DAY, actor=None)
    assert not LedgerEntry.objects.exists()


def test_a_personal_account_has_a_member_and_a_fund_has_none(member: Member) -> None:
    for wrong in (
        {"kind": AccountKind.PERSONAL, "balance": Decimal("0.00")},
        {"kind": AccountKind.POOLED_FUND, "member": member, "balance": Decimal("0.00")},
        {"kind": AccountKind.POOLED_FUND, "balance": Decimal("0.00")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerAccount.objects.create(region=member.region, **wrong)


def test_a_region_has_one_book_of_each_kind(fund: LedgerAccount) -> None:
    assert book(fund.region, AccountKind.POOLED_FUND) == fund
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerAccount.objects.create(region=fund.region, kind=AccountKind.POOLED_FUND)
