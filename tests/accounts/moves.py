"""Movements on personal accounts on chosen days, for tests that look at balances over time."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.ledger import Posting, book, post
from agency.models import PoolingRegion
from members.models import Member
from tests import house

_keys = count(1)


def an_account(region: PoolingRegion, member: Member | None = None) -> LedgerAccount:
    """An empty account of a new member, or of the one given."""
    member = member or house.insured(region)
    return LedgerAccount.objects.create(
        region=region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )


def move_in(account: LedgerAccount, amount: str, on: date, **more: Any) -> LedgerEntry:
    """Yuan arrive on a day."""
    source = book(account.region, AccountKind.TRANSFERS)
    posting = Posting(source, account, Decimal(amount), EntryKind.TRANSFER_IN, f"test:{next(_keys)}", "test", **more)
    return post([posting], on=on, actor=None)[0]


def pay(account: LedgerAccount, amount: str, on: date, **more: Any) -> LedgerEntry:
    """Yuan are spent on a day."""
    target = book(account.region, AccountKind.PROVIDER_PAYABLE)
    more.setdefault("provider", house.pharmacy(account.region))
    posting = Posting(account, target, Decimal(amount), EntryKind.SPENDING, f"test:{next(_keys)}", "test", **more)
    return post([posting], on=on, actor=None)[0]
