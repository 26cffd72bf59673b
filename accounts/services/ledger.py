"""Posting to the ledger. Nothing else writes entries or balances, but the credit run's one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NoReturn

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from members.models import Member
from policies.engine.vocabulary import Purpose
from providers.models import Provider

# What still leaves a frozen account: what was credited too much, and all of it when the account is closed.
LEAVES_A_FROZEN_ACCOUNT = frozenset(
    {EntryKind.RECOVERY, EntryKind.INHERITANCE, EntryKind.WITHDRAWAL, EntryKind.TRANSFER_OUT}
)


class InsufficientBalance(DomainError):
    """An account would fall below zero."""


class AccountIsClosed(DomainError):
    """Nothing stays on a closed account, and it pays nothing of its own."""


class AccountIsFrozen(DomainError):
    """A frozen account is credited but pays nothing."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One amount to move, yuan > 0. `key` makes it unique for ever; `reverses` is the entry it takes back.

    A payment from an account names its purpose, the provider unless it is a premium, and the beneficiary where it is
    not for the holder. A credit names its rule, its basis and the entitlement before and after.
    """

    debit: LedgerAccount
    credit: LedgerAccount
    amount: Decimal
    kind: EntryKind
    key: str
    cause: str
    reverses: LedgerEntry | None = None
    month: date | None = None
    component: str = ""
    purpose: Purpose | None = None
    beneficiary: Member | None = None
    provider: Provider | None = None
    rule_id: int | None = None
    basis: Decimal | None = None
    entitlement_before: Decimal | None = None
    entitlement_after: Decimal | None = None


def check_amount(amount: Decimal) -> None:
    """DomainError for an amount of yuan that is not positive or has more than two decimals."""
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise DomainError(_("The amount is positive, with at most two decimals."), field="amount")


def book(region: PoolingRegion, kind: AccountKind) -> LedgerAccount:
    """The region's book of a kind, opened when it is first needed."""
    account, _created = LedgerAccount.objects.get_or_create(region=region, kind=kind)
    return account


def accounts_of(member: Member, books: Sequence[AccountKind]) -> dict[AccountKind, LedgerAccount]:
    """The member's personal account, where there is one, and the region's books of these kinds; one query.

    Whoever holds the member's lock may rely on the balance for a payment: only credits can still raise it.
    """
    rows = LedgerAccount.objects.filter(Q(member=member) | Q(region_id=member.region_id, kind__in=books))
    accounts = {AccountKind(account.kind): account for account in rows}
    return accounts | {kind: book(member.region, kind) for kind in books if kind not in accounts}


@transaction.atomic
def post(postings: Sequence[Posting], *, on: date, actor: User | None) -> list[LedgerEntry]:
    """Write entries and the balances of the personal accounts they touch, all or nothing.

    on: the day of posting. Balances move in the order of the accounts' ids, so that two postings never
    wait for each other in a circle. What comes into an account and leaves it in the same posting only passes through:
    also a closed account lets it, and a frozen one pays as long as it does not lose by it. AccountIsClosed;
    AccountIsFrozen for anything but what leaves a frozen account; InsufficientBalance.
    """
    changes: dict[int, Decimal] = defaultdict(Decimal)
    paying: set[int] = set()
    for posting in postings:
        if posting.debit.kind == AccountKind.PERSONAL:
            changes[posting.debit.pk] -= posting.amount
            if posting.kind not in LEAVES_A_FROZEN_ACCOUNT:
                paying.add(posting.debit.pk)
        if posting.credit.kind == AccountKind.PERSONAL:
            changes[posting.credit.pk] += posting.amount
    _change_balances({pk: change for pk, change in changes.items() if change}, paying)
    return LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                region_id=posting.debit.region_id,
                debit=posting.debit,
                credit=posting.credit,
                amount=posting.amount,
                kind=posting.kind,
                posted_on=on,
                posted_by=actor,
                cause=posting.cause,
                key=posting.key,
                reverses=posting.reverses,
                month=posting.month,
                component=posting.component,
                purpose=posting.purpose or "",
                beneficiary=posting.beneficiary,
                provider=posting.provider,
                rule_id=posting.rule_id,
                basis=posting.basis,
                entitlement_before=posting.entitlement_before,
                entitlement_after=posting.entitlement_after,
            )
            for posting in postings
        ]
    )


def _change_balances(changes: dict[int, Decimal], paying: set[int]) -> None:
    """paying: the accounts that pay something which a frozen account does not pay."""
    for pk, change in sorted(changes.items()):
        pays = pk in paying and change < 0
        states = [AccountState.OPEN] if pays else [AccountState.OPEN, AccountState.FROZEN]
        moved = LedgerAccount.objects.filter(pk=pk, state__in=states, balance__gte=-change).update(
            balance=F("balance") + change
        )
        if not moved:
            _refuse_change(LedgerAccount.objects.get(pk=pk), pays=pays)


def _refuse_change(account: LedgerAccount, *, pays: bool) -> NoReturn:
    if account.state == AccountState.CLOSED:
        raise AccountIsClosed(_("The account is closed."))
    if account.state == AccountState.FROZEN and pays:
        raise AccountIsFrozen(_("The account is frozen. It pays nothing until it is unfrozen."))
    raise InsufficientBalance(_("The balance of %(balance)s yuan does not cover this.") % {"balance": account.balance})


def reversals_of(entries: Sequence[LedgerEntry], cause: str) -> list[Posting]:
    """The counter-entries that take entries back; the database lets each be reversed once."""
    return [
        Posting(
            debit=entry.credit,
            credit=entry.debit,
            amount=entry.amount,
            kind=EntryKind.REVERSAL,
            key=f"reversal:{entry.pk}",
            cause=cause,
            reverses=entry,
            provider=entry.provider,
        )
        for entry in entries
    ]


def reverse_entries(entries: Sequence[LedgerEntry], *, on: date, actor: User | None, cause: str) -> list[LedgerEntry]:
    """Take entries back by counter-entries."""
    return post(reversals_of(entries, cause), on=on, actor=actor)
