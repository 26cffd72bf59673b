"""Paying from an account: what is kept of it, and each refusal in its order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.ledger import AccountIsClosed, AccountIsFrozen, InsufficientBalance, Posting, book, post
from accounts.services.spending import PREMIUMS, Spending, SpendingRefused, spend
from agency.exceptions import DomainError
from agency.models import User
from members.models import Member
from policies.engine.errors import PolicyNotInForce
from policies.engine.vocabulary import Purpose, Tier
from providers.models import Provider
from providers.services import change_agreement
from tests import builder
from tests.builder.accounts import SINCE, authorized, balance_of, holder, put

pytestmark = pytest.mark.django_db


def pay(member: Member, **overrides: Any) -> Spending:
    """Ten yuan for drugs at a pharmacy, unless said otherwise."""
    facts: dict[str, Any] = {
        "amount": Decimal("10.00"),
        "purpose": Purpose.PHARMACY_DRUG,
        "on": SINCE,
        "key": "k",
    } | overrides
    if facts["purpose"] not in PREMIUMS:
        facts = {"provider": builder.pharmacy(member.region)} | facts
    return spend(member, **facts)


def refusal(member: Member, **overrides: Any) -> str:
    """Why it is not paid; nothing has moved."""
    entries = LedgerEntry.objects.count()
    with pytest.raises(SpendingRefused) as caught:
        pay(member, **overrides)
    assert LedgerEntry.objects.count() == entries
    assert str(caught.value)
    return caught.value.reason


# --- What is kept ---


def test_an_entry_names_purpose_provider_and_who_paid(maker: User) -> None:
    member = holder()
    pharmacy = builder.a_provider(member.region, Tier.PHARMACY)
    paid = pay(member, provider=pharmacy, actor=maker)
    found = LedgerEntry.objects.get(pk=paid.entry.pk)
    assert (found.purpose, found.provider, found.beneficiary) == ("pharmacy_drug", pharmacy, None)
    assert (found.kind, found.posted_by, found.posted_on) == (EntryKind.SPENDING, maker, SINCE)
    assert paid.balance == Decimal("90.00")


def test_an_entry_names_the_relative_it_was_for(maker: User, checker: User) -> None:
    member, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(member, relative, maker, checker)
    pay(member, relative=relative)
    found = LedgerEntry.objects.get(kind=EntryKind.SPENDING)
    assert (found.beneficiary, found.debit.member) == (relative, member)


def test_premiums_are_owed_to_insurers_and_the_rest_to_providers() -> None:
    member = holder(slug="dazhou")
    pay(member, purpose=Purpose.LONG_TERM_CARE_PREMIUM, key="premium")
    pay(member, key="drug")
    owed = {entry.purpose: entry.credit.kind for entry in LedgerEntry.objects.filter(kind=EntryKind.SPENDING)}
    assert owed == {
        "long_term_care_premium": AccountKind.PREMIUM_PAYABLE,
        "pharmacy_drug": AccountKind.PROVIDER_PAYABLE,
    }


@pytest.mark.parametrize("state", AccountState)
def test_the_same_key_pays_once_and_answers_the_same_whatever_became_of_the_account(state: AccountState) -> None:
    member = holder()
    first = pay(member)
    put(member, state)
    again = pay(member)
    assert (again.entry, again.balance) == (first.entry, Decimal("90.00"))
    assert LedgerEntry.objects.filter(kind=EntryKind.SPENDING).count() == 1


# --- Refusals ---


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.001"])
def test_an_amount_is_positive_with_two_decimals(amount: str) -> None:
    with pytest.raises(DomainError):
        pay(holder(), amount=Decimal(amount))


def test_more_than_the_balance_is_refused_and_all_of_it_is_paid() -> None:
    member = holder()
    assert refusal(member, amount=Decimal("100.01")) == "insufficient_balance"
    assert pay(member, amount=Decimal("100.00")).balance == Decimal("0.00")
    assert refusal(member, amount=Decimal("0.01"), key="more") == "insufficient_balance"


def test_a_closed_account_pays_nothing() -> None:
    member = holder()
    put(member, AccountState.CLOSED)
    assert refusal(member) == "account_closed"


def test_a_frozen_account_pays_neither_the_holder_nor_a_relative_until_it_is_open(maker: User, checker: User) -> None:
    member, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(member, relative, maker, checker)
    put(member, AccountState.FROZEN)
    assert refusal(member) == "account_frozen"
    assert refusal(member, relative=relative) == "account_frozen"
    assert balance_of(member) == Decimal("100.00")
    put(member, AccountState.OPEN)
    assert pay(member, relative=relative).balance == Decimal("90.00")


@pytest.mark.parametrize("purpose", [Purpose.FITNESS, Purpose.PUBLIC_HEALTH, Purpose.WELLNESS, Purpose.CHECK_UP])
@pytest.mark.parametrize("slug", ["pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"])
def test_what_no_region_allows_is_never_paid(slug: str, purpose: Purpose) -> None:
    assert refusal(holder(slug=slug), purpose=purpose) == "purpose_not_allowed"


@pytest.mark.parametrize(
    ("slug", "allowed"), [("pingliang", False), ("dazhou", False), ("zaozhuang", False), ("kaifeng", True)]
)
def test_the_own_large_expense_premium_is_paid_where_the_region_says_so(slug: str, allowed: bool) -> None:
    member = holder(slug=slug)
    if allowed:
        assert pay(member, purpose=Purpose.LARGE_EXPENSE_PREMIUM).balance == Decimal("90.00")
    else:
        assert refusal(member, purpose=Purpose.LARGE_EXPENSE_PREMIUM) == "purpose_not_allowed"


def test_without_rules_on_the_day_nothing_is_paid() -> None:
    with pytest.raises(PolicyNotInForce):
        pay(holder(), on=date(2022, 12, 31))


def at(member: Member, tier: Tier = Tier.PHARMACY, **options: Any) -> Provider:
    return builder.a_provider(member.region, tier, **options)


def test_a_provider_is_designated_on_the_day() -> None:
    member = holder()
    provider = at(member, first_day=SINCE)
    change_agreement(provider, tier=Tier.PHARMACY, first_day=date(2023, 4, 1), is_designated=False, reason="struck off")
    assert refusal(member, provider=provider, on=date(2023, 3, 9)) == "not_designated"
    assert refusal(member, provider=provider, on=date(2023, 4, 1)) == "not_designated"
    assert pay(member, provider=provider, on=date(2023, 3, 31)).balance == Decimal("90.00")
    assert pay(member, provider=provider, on=SINCE, key="first").balance == Decimal("80.00")


def test_a_provider_of_another_region_is_not_designated() -> None:
    member = holder()
    assert refusal(member, provider=builder.a_provider(builder.region("dazhou"), Tier.PHARMACY)) == "not_designated"


@pytest.mark.parametrize(
    ("purpose", "tier"),
    [
        (Purpose.PHARMACY_DRUG, Tier.PRIMARY),
        (Purpose.MEDICAL_COST, Tier.PHARMACY),
        (Purpose.LONG_TERM_CARE_PREMIUM, Tier.PHARMACY),
    ],
)
def test_a_purpose_is_paid_at_its_kind_of_provider(purpose: Purpose, tier: Tier) -> None:
    member = holder(slug="dazhou")
    with pytest.raises(DomainError) as caught:
        pay(member, purpose=purpose, provider=at(member, tier))
    assert caught.value.details == {"field": "provider"}
    assert balance_of(member) == Decimal("100.00")


def test_what_is_no_premium_is_owed_to_a_provider() -> None:
    member = holder()
    with pytest.raises(DomainError) as caught:
        pay(member, provider=None)
    assert caught.value.details == {"field": "provider"}
    assert balance_of(member) == Decimal("100.00")
    entry = pay(member).entry
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(**_without_provider(entry))


def _without_provider(entry: LedgerEntry) -> dict[str, Any]:
    names = ("region", "debit", "credit", "amount", "kind", "posted_on", "cause", "purpose")
    return {name: getattr(entry, name) for name in names} | {"key": "to nobody"}


def test_of_several_reasons_the_first_is_given() -> None:
    """Each line takes one reason away; the next one in the order is given then."""
    member, relative = holder(), builder.a_member(builder.region("pingliang"))
    outside = at(member, designated=False)
    wrong: dict[str, Any] = {
        "amount": Decimal("100.01"),
        "purpose": Purpose.FITNESS,
        "relative": relative,
        "provider": outside,
    }
    put(member, AccountState.CLOSED)
    given = [refusal(member, **wrong)]
    put(member, AccountState.FROZEN)
    given.append(refusal(member, **wrong))
    put(member, AccountState.OPEN)
    for repair in ({"purpose": Purpose.PHARMACY_DRUG}, {"relative": None}, {"provider": at(member)}):
        given.append(refusal(member, **wrong))
        wrong |= repair
    given.append(refusal(member, **wrong))
    assert given == [
        "account_closed",
        "account_frozen",
        "purpose_not_allowed",
        "not_authorized",
        "not_designated",
        "insufficient_balance",
    ]


# --- The ledger itself ---

LEAVING = {EntryKind.RECOVERY, EntryKind.INHERITANCE, EntryKind.WITHDRAWAL, EntryKind.TRANSFER_OUT}


def moved(member: Member, kind: EntryKind, *, into: bool, amount: str = "1.00") -> None:
    """One yuan into or out of the account as an entry of the kind."""
    account = LedgerAccount.objects.get(member=member)
    fund = book(member.region, AccountKind.POOLED_FUND)
    debit, credit = (fund, account) if into else (account, fund)
    more: dict[str, Any] = {}
    if kind == EntryKind.REVERSAL:
        more["reverses"] = LedgerEntry.objects.filter(credit=debit).latest("pk")
    if kind == EntryKind.RECOVERY:
        more |= {"month": date(2023, 1, 1), "component": "personal"}
    with transaction.atomic():
        post([Posting(debit, credit, Decimal(amount), kind, f"{kind}", "test", **more)], on=SINCE, actor=None)


@pytest.mark.parametrize("kind", [EntryKind.POOLED_PAYMENT, EntryKind.TRANSFER_IN, EntryKind.INTEREST])
def test_a_frozen_account_is_credited_and_a_closed_one_is_not(kind: EntryKind) -> None:
    member = holder()
    put(member, AccountState.FROZEN)
    moved(member, kind, into=True)
    assert balance_of(member) == Decimal("101.00")
    put(member, AccountState.CLOSED)
    with pytest.raises(AccountIsClosed):
        moved(member, kind, into=True)


@pytest.mark.parametrize(
    "kind", sorted(set(EntryKind) - {EntryKind.MONTHLY_CREDIT, EntryKind.TRUE_UP}), ids=lambda kind: str(kind.value)
)
def test_a_frozen_account_gives_up_what_was_too_much_and_what_is_paid_out_at_its_end(kind: EntryKind) -> None:
    member = holder()
    put(member, AccountState.FROZEN)
    if kind in LEAVING:
        moved(member, kind, into=False)
        assert balance_of(member) == Decimal("99.00")
        with pytest.raises(InsufficientBalance):
            moved(member, kind, into=False, amount="99.01")
    else:
        with pytest.raises(AccountIsFrozen):
            moved(member, kind, into=False)
        assert balance_of(member) == Decimal("100.00")
    put(member, AccountState.CLOSED)
    with pytest.raises(AccountIsClosed):
        moved(member, kind, into=False)


def test_a_payment_beside_a_recovery_does_not_leave_a_frozen_account() -> None:
    member = holder()
    account = LedgerAccount.objects.get(member=member)
    put(member, AccountState.FROZEN)
    fund = book(member.region, AccountKind.POOLED_FUND)
    recovery = Posting(
        account,
        fund,
        Decimal("1.00"),
        EntryKind.RECOVERY,
        "r",
        "test",
        month=date(2023, 1, 1),
        component="personal",
    )
    with pytest.raises(AccountIsFrozen), transaction.atomic():
        post([recovery, Posting(account, fund, Decimal("1.00"), EntryKind.SPENDING, "s", "test")], on=SINCE, actor=None)
    assert balance_of(member) == Decimal("100.00")
