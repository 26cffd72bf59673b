"""Damage to what the bank has paid to members is named by the checks for it alone."""

from typing import Any

import pytest
from django.db.models import F

from accounts.models import AccountKind, EntryKind
from accounts.selectors.books import find_differences
from reimbursements.models import ItemState
from reimbursements.selectors.books import PAYOUT_CHECKS
from tests.builder.books import KeptBooks
from tests.builder.damage import Damage, change, checks_tried, differing, erase, repeat

pytestmark = pytest.mark.django_db

Found = dict[str, list[int]]


def payout(kept: KeptBooks) -> Any:
    """The entry by which the relative was paid."""
    return kept.entry(kind=EntryKind.PAYOUT)


def a_payout_has_no_entry(kept: KeptBooks) -> Found:
    erase(payout(kept))
    return {"payouts": [kept.payout.pk]}


def a_payout_has_another_amount(kept: KeptBooks) -> Found:
    change(payout(kept), amount=F("amount") + 1)
    return {"payouts": [kept.payout.pk]}


def more_is_paid_out_than_was_settled(kept: KeptBooks) -> Found:
    """Payment and entry agree with each other."""
    change(payout(kept), amount=F("amount") + 1)
    change(kept.payout, amount=F("amount") + 1)
    return {"payouts": [kept.payout.pk]}


def a_payout_comes_from_another_book(kept: KeptBooks) -> Found:
    change(payout(kept), debit=kept.book(AccountKind.PROVIDER_PAYABLE))
    return {"payouts": [kept.payout.pk]}


def a_payout_is_made_twice(kept: KeptBooks) -> Found:
    entry = payout(kept)
    return {"payout_entries": [repeat(entry, f"{entry.key}:again").pk]}


def a_failed_payment_was_paid_out(kept: KeptBooks) -> Found:
    change(kept.payout, state=ItemState.FAILED, failure="账号与户名不符")
    return {"payouts": [kept.payout.pk], "payout_entries": [payout(kept).pk]}


def a_member_paid_back_what_nobody_asked_for(kept: KeptBooks) -> Found:
    entry = repeat(payout(kept), "resettlement:0")
    change(entry, kind=EntryKind.REPAYMENT, cause="resettlement:0")
    return {"payout_entries": [entry.pk]}


DAMAGES: tuple[Damage, ...] = (
    a_payout_has_no_entry,
    a_payout_has_another_amount,
    more_is_paid_out_than_was_settled,
    a_payout_comes_from_another_book,
    a_payout_is_made_twice,
    a_failed_payment_was_paid_out,
    a_member_paid_back_what_nobody_asked_for,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_named_by_the_checks_for_it_alone(kept: KeptBooks, damage: Damage) -> None:
    assert differing(kept.region) == {}
    expected = damage(kept)
    assert differing(kept.region) == expected


def test_every_check_is_tried(kept: KeptBooks) -> None:
    assert checks_tried(kept, DAMAGES) >= {check.name for check in PAYOUT_CHECKS}


def test_each_check_says_how_many_rows_it_looked_at(kept: KeptBooks) -> None:
    looked_at = {found.check.name: found.looked_at for found in find_differences(kept.region, PAYOUT_CHECKS)}
    assert looked_at == {"payouts": 1, "payout_entries": 1}
