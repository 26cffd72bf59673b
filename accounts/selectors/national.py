"""Ledger entries as the national platform's account ledger has them: by 账户收支类型 (acct_incexpd_type)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import AccountKind, EntryKind, LedgerEntry
from accounts.models.ledger import ENTRY_CODES

EBMI = "310"  # insutype: employee basic medical insurance.
_INHERITED = "106"
_FETCHED = 2_000
_COLUMNS = (
    "pk",
    "kind",
    "amount",
    "month",
    "posted_on",
    "cause",
    "reverses_id",
    "credit__kind",
    "credit__member__member_number",
    "debit__kind",
    "debit__member__member_number",
)


class AccountMove(NamedTuple):
    """One personal account's side of an entry, yuan: what came in or what went out, the other is None.

    acct_incexpd_type is empty where the platform has no code for the kind of entry.
    """

    entry: int
    psn_no: str
    insutype: str
    acct_incexpd_type: str
    income: Decimal | None
    expense: Decimal | None
    month: date | None
    posted_on: date
    cause: str
    reverses: int | None


def moves_of(entries: QuerySet[LedgerEntry]) -> Iterator[AccountMove]:
    """The moves on personal accounts of some entries, in the order of the entries; one between two accounts is a move
    on each. Entries between the region's books are none. Read a few at a time.
    """
    rows = entries.prefetch_related(None).values_list(*_COLUMNS).iterator(chunk_size=_FETCHED)
    for pk, kind, amount, month, posted_on, cause, reverses, credit, credited, debit, debited in rows:
        code = ENTRY_CODES.get(EntryKind(kind), "")
        rest = (month, posted_on, cause, reverses)
        if debit == AccountKind.PERSONAL:
            yield AccountMove(pk, debited, EBMI, code, None, amount, *rest)
        if credit == AccountKind.PERSONAL:
            code = _INHERITED if kind == EntryKind.INHERITANCE else code
            yield AccountMove(pk, credited, EBMI, code, amount, None, *rest)
