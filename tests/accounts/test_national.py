"""The account ledger under the national platform's income and expense types."""

from decimal import Decimal

import pytest

from accounts.models import AccountKind, EntryKind, LedgerEntry
from accounts.selectors.monthly import credits_of_month
from accounts.selectors.national import moves_of
from tests.builder.office import Office

pytestmark = pytest.mark.django_db


def test_every_side_of_a_personal_account_is_a_move_with_its_code(office: Office) -> None:
    entries = LedgerEntry.objects.filter(region=office.here).order_by("pk")
    moves = list(moves_of(entries))
    sides = sum((entry.debit.kind == "personal") + (entry.credit.kind == "personal") for entry in entries)
    assert len(moves) == sides > 0
    credit = next(move for move in moves if entries.get(pk=move.entry).kind == EntryKind.MONTHLY_CREDIT)
    entry = entries.get(pk=credit.entry)
    assert entry.credit.member is not None
    assert (credit.psn_no, credit.insutype, credit.acct_incexpd_type) == (
        entry.credit.member.member_number,
        "310",
        "101",
    )
    assert (credit.income, credit.expense, credit.month) == (entry.amount, None, entry.month)


def test_a_months_credits_are_summed_by_fund_and_kind(office: Office) -> None:
    month = office.objs["run"].month
    entries = LedgerEntry.objects.filter(region=office.here, month=month, kind=EntryKind.MONTHLY_CREDIT)
    [total] = [each for each in credits_of_month(office.here, month) if each.fund == AccountKind.CONTRIBUTION_INCOME]
    mine = entries.filter(debit__kind=AccountKind.CONTRIBUTION_INCOME)
    assert (total.kind, total.credits) == (EntryKind.MONTHLY_CREDIT, mine.count())
    assert total.amount == sum((each.amount for each in mine), Decimal(0)) > 0
    assert credits_of_month(office.away, month) == []
