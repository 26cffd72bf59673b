"""Damage to credit runs, interest and what two people decided, with the checks that find it."""

from datetime import date
from decimal import Decimal

from accounts.models import (
    AccountState,
    ChunkState,
    DecisionState,
    DifferenceState,
    EntryKind,
    InterestState,
    LedgerEntry,
    RunState,
)
from tests.builder.books import KeptBooks
from tests.builder.damage import Damage, change, erase, raise_balance, repeat

Found = dict[str, list[int]]


# --- Credit runs ---


def a_run_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.march, amount=Decimal("359.99"))
    return {"credit_runs": [kept.march.pk]}


def a_run_says_another_number_of_entries(kept: KeptBooks) -> Found:
    change(kept.march, entry_count=2)
    return {"credit_runs": [kept.march.pk]}


def a_chunk_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.march.chunks.get(), amount=Decimal("0.00"))
    return {"credit_runs": [kept.march.pk]}


def a_chunk_of_a_posted_run_waits(kept: KeptBooks) -> Found:
    change(kept.march.chunks.get(), state=ChunkState.WAITING)
    return {"credit_runs": [kept.march.pk]}


def a_credit_is_gone(kept: KeptBooks) -> Found:
    erase(kept.entry(kind=EntryKind.MONTHLY_CREDIT, credit__member=kept.late))
    raise_balance(kept.account(kept.late), "-120.00")
    return {"credit_runs": [kept.april.pk]}


def a_member_is_credited_twice(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.MONTHLY_CREDIT, month=date(2023, 4, 1), credit__member=kept.holder)
    planted = repeat(entry, f"{entry.key}:again")
    raise_balance(kept.account(kept.holder), "120.00")
    return {"credit_runs": [kept.april.pk], "credit_entries": [planted.pk]}


def a_true_up_belongs_to_another_run(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.TRUE_UP)
    change(entry, cause=f"credit_run:{kept.march.pk}:contribution")
    return {"credit_runs": [kept.march.pk, kept.april.pk], "credit_entries": [entry.pk]}


def a_discarded_run_has_entries(kept: KeptBooks) -> Found:
    change(kept.march, state=RunState.DISCARDED)
    entries = LedgerEntry.objects.filter(cause=f"credit_run:{kept.march.pk}")
    return {"credit_entries": list(entries.order_by("pk").values_list("pk", flat=True))}


def a_credit_without_a_run(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.MONTHLY_CREDIT, credit__member=kept.holder)
    planted = repeat(entry, "credit:0:0:2023-05-01:personal", cause="credit_run:0", month=date(2023, 5, 1))
    raise_balance(kept.account(kept.holder), "120.00")
    return {"credit_entries": [planted.pk]}


def a_true_up_names_other_figures_than_it_moves(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.TRUE_UP)
    change(entry, entitlement_after=Decimal("130.00"))
    return {"credit_entries": [entry.pk]}


# --- Interest ---


def interest_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.interest, amount=Decimal("0.00"))
    return {"interest": [kept.interest.pk]}


def interest_of_an_account_is_gone(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.INTEREST, credit__member=kept.late)
    erase(entry)
    raise_balance(kept.account(kept.late), f"-{entry.amount}")
    return {"interest": [kept.interest.pk]}


def interest_is_given_twice(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.INTEREST, credit__member=kept.late)
    planted = repeat(entry, f"{entry.key}:again")
    raise_balance(kept.account(kept.late), str(entry.amount))
    return {"interest": [kept.interest.pk], "decided_entries": [planted.pk]}


def interest_was_refused(kept: KeptBooks) -> Found:
    change(kept.interest, state=InterestState.REFUSED)
    entries = LedgerEntry.objects.filter(kind=EntryKind.INTEREST)
    return {"decided_entries": list(entries.order_by("pk").values_list("pk", flat=True))}


# --- What was decided ---


def a_recovery_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.recovery, taken=Decimal("19.00"))
    return {"recoveries": [kept.recovery.pk]}


def a_recovery_has_no_entry(kept: KeptBooks) -> Found:
    erase(kept.entry(kind=EntryKind.RECOVERY))
    raise_balance(kept.account(kept.corrected), "20.00")
    return {"recoveries": [kept.recovery.pk]}


def a_recovery_is_booked_for_another_month(kept: KeptBooks) -> Found:
    change(kept.entry(kind=EntryKind.RECOVERY), month=date(2023, 4, 1))
    return {"recoveries": [kept.recovery.pk]}


def a_recovery_was_not_decided(kept: KeptBooks) -> Found:
    change(kept.recovery, state=DifferenceState.LISTED, taken=None)
    return {"decided_entries": [kept.entry(kind=EntryKind.RECOVERY).pk]}


def a_closing_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.closing, amount=Decimal("119.00"))
    return {"closings": [kept.closing.pk]}


def a_closed_account_is_opened_again(kept: KeptBooks) -> Found:
    change(kept.account(kept.leaver), state=AccountState.OPEN)
    return {"closings": [kept.closing.pk, kept.later.pk]}


def what_is_due_after_a_closing_follows_another(kept: KeptBooks) -> Found:
    change(kept.later, follows=kept.later)
    return {"closings": [kept.later.pk]}


def what_is_due_after_a_closing_names_a_run_that_brought_something_else(kept: KeptBooks) -> Found:
    change(kept.later, cause=f"credit_run:{kept.march.pk}")
    return {"credits_after_closings": [kept.later.pk]}


def a_closing_was_refused(kept: KeptBooks) -> Found:
    change(kept.closing, state=DecisionState.REFUSED, amount=None)
    return {"closings": [kept.later.pk], "decided_entries": [kept.entry(kind=EntryKind.WITHDRAWAL).pk]}


def a_transfer_says_another_amount(kept: KeptBooks) -> Found:
    change(kept.transfer, amount=Decimal("3000.00"))
    return {"account_requests": [kept.transfer.pk]}


def a_transfer_has_no_entry(kept: KeptBooks) -> Found:
    erase(kept.entry(kind=EntryKind.TRANSFER_IN))
    raise_balance(kept.account(kept.late), "-300.00")
    return {"account_requests": [kept.transfer.pk]}


def a_refund_has_no_entry(kept: KeptBooks) -> Found:
    erase(kept.entry(reverses=kept.refund.entry))
    raise_balance(kept.account(kept.holder), "-10.00")
    return {"account_requests": [kept.refund.pk]}


def a_transfer_was_refused(kept: KeptBooks) -> Found:
    change(kept.transfer, state=DecisionState.REFUSED)
    return {"decided_entries": [kept.entry(kind=EntryKind.TRANSFER_IN).pk]}


def a_transfer_that_nobody_asked_for(kept: KeptBooks) -> Found:
    planted = repeat(kept.entry(kind=EntryKind.TRANSFER_IN), "account_request:0", cause="account_request:0")
    raise_balance(kept.account(kept.late), "300.00")
    return {"decided_entries": [planted.pk]}


DAMAGED_RUNS_AND_DECISIONS: tuple[Damage, ...] = (
    a_run_says_another_amount,
    a_run_says_another_number_of_entries,
    a_chunk_says_another_amount,
    a_chunk_of_a_posted_run_waits,
    a_credit_is_gone,
    a_member_is_credited_twice,
    a_true_up_belongs_to_another_run,
    a_discarded_run_has_entries,
    a_credit_without_a_run,
    a_true_up_names_other_figures_than_it_moves,
    interest_says_another_amount,
    interest_of_an_account_is_gone,
    interest_is_given_twice,
    interest_was_refused,
    a_recovery_says_another_amount,
    a_recovery_has_no_entry,
    a_recovery_is_booked_for_another_month,
    a_recovery_was_not_decided,
    a_closing_says_another_amount,
    a_closed_account_is_opened_again,
    what_is_due_after_a_closing_follows_another,
    what_is_due_after_a_closing_names_a_run_that_brought_something_else,
    a_closing_was_refused,
    a_transfer_says_another_amount,
    a_transfer_has_no_entry,
    a_refund_has_no_entry,
    a_transfer_was_refused,
    a_transfer_that_nobody_asked_for,
)
