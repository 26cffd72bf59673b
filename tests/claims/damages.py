"""What can be wrong with payments by the bank; each function plants it and says which checks name which ids."""

from typing import Any

from django.db.models import F

from accounts.models import AccountKind, EntryKind
from claims.models import ItemState
from tests.kept_books import Damage, KeptBooks, change, erase, repeat

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


def what_is_due_after_a_closing_rests_on_another_reversal(kept: KeptBooks) -> Found:
    change(kept.later, cause=f"reversal:{kept.reversal.pk}")
    return {"after_closings": [kept.later.pk]}


def what_is_due_after_a_closing_rests_on_nothing(kept: KeptBooks) -> Found:
    change(kept.later, cause="reversal:0")
    return {"after_closings": [kept.later.pk]}


def a_resettlement_has_another_difference(kept: KeptBooks) -> Found:
    resettlement = kept.reversal.resettlements.get()
    change(resettlement, difference=F("difference") + 1)
    return {"resettlements": [resettlement.pk]}


DAMAGED_PAYOUTS: tuple[Damage, ...] = (
    a_payout_has_no_entry,
    a_payout_has_another_amount,
    more_is_paid_out_than_was_settled,
    a_payout_comes_from_another_book,
    a_payout_is_made_twice,
    what_is_due_after_a_closing_rests_on_another_reversal,
    what_is_due_after_a_closing_rests_on_nothing,
    a_failed_payment_was_paid_out,
    a_member_paid_back_what_nobody_asked_for,
    a_resettlement_has_another_difference,
)
