"""What is wrong between balances, entries and runs is found by the checks made for it, by id, and by no others."""

from decimal import Decimal

import pytest

from accounts.models import (
    AccountKind,
    DecisionState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
)
from accounts.selectors.books import ACCOUNT_CHECKS, NAMED, find_differences
from accounts.services.ledger import book
from tests import builder
from tests.accounts.damages import DAMAGED_RUNS_AND_DECISIONS
from tests.builder.books import KeptBooks
from tests.builder.damage import Damage, behind_our_backs, change, checks_tried, differing, raise_balance, repeat

pytestmark = pytest.mark.django_db

NOT_POSITIVE = (LedgerEntry, "an_entry_moves_a_positive_amount")
ONE_ACCOUNT = (LedgerEntry, "an_entry_moves_between_two_accounts")
NEGATIVE_BALANCE = (LedgerAccount, "a_balance_is_never_below_zero")

FUND, PAYABLE = AccountKind.POOLED_FUND, AccountKind.PROVIDER_PAYABLE

Found = dict[str, list[int]]


# --- Balances and entries ---


def a_balance_is_raised(kept: KeptBooks) -> Found:
    account = kept.account(kept.holder)
    raise_balance(account, "0.01")
    return {"balances": [account.pk], "zero_sum": [kept.region.pk]}


def money_goes_from_one_balance_to_another_without_an_entry(kept: KeptBooks) -> Found:
    """The sum of all accounts cannot show it."""
    giver, taker = kept.account(kept.corrected), kept.account(kept.holder)
    raise_balance(giver, "-5.00")
    raise_balance(taker, "5.00")
    return {"balances": sorted([giver.pk, taker.pk])}


def an_entry_has_another_amount(kept: KeptBooks) -> Found:
    entry = kept.entry(kind=EntryKind.SPENDING, amount=Decimal("15.00"))
    change(entry, amount=Decimal("14.00"))
    return {"balances": [entry.debit_id], "zero_sum": [kept.region.pk]}


def a_book_goes_to_another_region(kept: KeptBooks) -> Found:
    """The balances still equal their entries: what the region as a whole lacks is the book."""
    transfers = kept.book(AccountKind.TRANSFERS)
    change(transfers, region=builder.region("dazhou"))
    return {"zero_sum": [kept.region.pk], "entries": [kept.entry(kind=EntryKind.TRANSFER_IN).pk]}


def an_entry_moves_other_regions_money(kept: KeptBooks) -> Found:
    away = builder.region("dazhou")
    entry = kept.entry(kind=EntryKind.SPENDING)
    planted = repeat(entry, "planted", debit=book(away, FUND), credit=book(away, PAYABLE))
    return {"entries": [planted.pk]}


def an_entry_moves_a_negative_amount(kept: KeptBooks) -> Found:
    with behind_our_backs(NOT_POSITIVE):
        planted = repeat(kept.entry(kind=EntryKind.SPENDING), "planted", debit=kept.book(FUND), amount=Decimal("-5.00"))
    return {"entries": [planted.pk]}


def an_entry_goes_nowhere(kept: KeptBooks) -> Found:
    fund = kept.book(FUND)
    with behind_our_backs(ONE_ACCOUNT):
        planted = repeat(kept.entry(kind=EntryKind.SPENDING), "planted", debit=fund, credit=fund)
    return {"entries": [planted.pk]}


def an_entry_names_an_account_that_is_not_there(kept: KeptBooks) -> Found:
    planted = repeat(kept.entry(kind=EntryKind.SPENDING), "planted", debit=kept.book(FUND), credit_id=10**9)
    # The fund has paid what no account has got.
    return {"zero_sum": [kept.region.pk], "entries": [planted.pk]}


def an_account_pays_more_than_it_holds(kept: KeptBooks) -> Found:
    account = kept.account(kept.holder)
    repeat(kept.entry(kind=EntryKind.SPENDING), "planted", amount=Decimal("1000.00"))
    with behind_our_backs(NEGATIVE_BALANCE):
        raise_balance(account, "-1000.00")
    return {"below_zero": [account.pk]}


def a_closed_account_gets_money(kept: KeptBooks) -> Found:
    account = kept.account(kept.leaver)
    payable = kept.book(PAYABLE)
    repeat(kept.entry(kind=EntryKind.SPENDING), "planted", debit=payable, credit=account, amount=Decimal("7.00"))
    raise_balance(account, "7.00")
    return {"closed_accounts": [account.pk]}


# --- Counter-entries ---


def a_refund_returns_another_amount(kept: KeptBooks) -> Found:
    counter = kept.entry(reverses=kept.refund.entry)
    change(counter, amount=Decimal("9.00"))
    raise_balance(kept.account(kept.holder), "-1.00")
    return {"counter_entries": [counter.pk]}


def a_refund_goes_to_another_account(kept: KeptBooks) -> Found:
    counter = kept.entry(reverses=kept.refund.entry)
    change(counter, credit=kept.account(kept.late))
    raise_balance(kept.account(kept.holder), "-10.00")
    raise_balance(kept.account(kept.late), "10.00")
    return {"counter_entries": [counter.pk], "account_requests": [kept.refund.pk]}


def a_refund_was_never_approved(kept: KeptBooks) -> Found:
    change(kept.refund, state=DecisionState.SUBMITTED)
    return {"counter_entries": [kept.entry(reverses=kept.refund.entry).pk]}


def a_counter_entry_rests_on_nothing(kept: KeptBooks) -> Found:
    counter = kept.entry(reverses=kept.refund.entry)
    change(counter, cause="a favour")
    return {"counter_entries": [counter.pk], "account_requests": [kept.refund.pk]}


DAMAGES: tuple[Damage, ...] = (
    a_balance_is_raised,
    money_goes_from_one_balance_to_another_without_an_entry,
    an_entry_has_another_amount,
    a_book_goes_to_another_region,
    an_entry_moves_other_regions_money,
    an_entry_moves_a_negative_amount,
    an_entry_goes_nowhere,
    an_entry_names_an_account_that_is_not_there,
    an_account_pays_more_than_it_holds,
    a_closed_account_gets_money,
    a_refund_returns_another_amount,
    a_refund_goes_to_another_account,
    a_refund_was_never_approved,
    a_counter_entry_rests_on_nothing,
    *DAMAGED_RUNS_AND_DECISIONS,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_named_by_the_checks_for_it_alone(kept: KeptBooks, damage: Damage) -> None:
    assert differing(kept.region) == {}
    expected = damage(kept)
    assert differing(kept.region) == expected


def test_every_check_is_tried(kept: KeptBooks) -> None:
    assert checks_tried(kept, DAMAGES) == {check.name for check in ACCOUNT_CHECKS}


def test_each_check_says_how_many_rows_it_looked_at(kept: KeptBooks) -> None:
    looked_at = {found.check.name: found.looked_at for found in find_differences(kept.region, ACCOUNT_CHECKS)}
    assert looked_at == {
        # All members but the relative.
        "balances": 4,
        "below_zero": 4,
        "closed_accounts": 1,
        "zero_sum": 1,
        # 7 credits, 1 recovery, 2 payments, 1 refund, 1 transfer, 1 closing, 3 × interest; by settlements 2 and 2 and 2
        # and 2, of which the last 2 were taken back; 1 payout; 1 by the leaver's settlement, taken back and paid out.
        "entries": 30,
        "counter_entries": 4,
        "credit_runs": 2,
        # March: 3. April: 3, and March's that came late.
        "credit_entries": 7,
        "interest": 1,
        "recoveries": 1,
        # And what came back to the leaver's account after it.
        "closings": 2,
        "credits_after_closings": 0,
        "account_requests": 2,
        "decided_entries": 7,
    }


def test_many_rows_are_counted_and_some_are_named(kept: KeptBooks) -> None:
    spending, fund = kept.entry(kind=EntryKind.SPENDING), kept.book(FUND)
    with behind_our_backs(ONE_ACCOUNT):
        planted = [repeat(spending, f"planted:{n}", debit=fund, credit=fund).pk for n in range(NAMED + 5)]
    (found,) = [each for each in find_differences(kept.region, ACCOUNT_CHECKS) if each.differing]
    assert (found.check.name, found.differing, len(found.examples)) == ("entries", NAMED + 5, NAMED)
    assert set(found.examples) < set(planted)


def test_a_region_says_nothing_of_anothers_damage(kept: KeptBooks) -> None:
    away = builder.region("dazhou")
    a_balance_is_raised(kept)
    a_closed_account_gets_money(kept)
    assert differing(away) == {}
    assert all(
        found.looked_at == 0 for found in find_differences(away, ACCOUNT_CHECKS) if found.check.name != "zero_sum"
    )
