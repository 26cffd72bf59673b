"""What is wrong between settlements, usage and entries is found by the checks made for it, by id, and by no others."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F

from accounts.models import AccountKind, EntryKind
from accounts.selectors.books import find_differences
from claims.models import BenefitUsage, ClaimState, ReversalState, Settlement, SettlementUsage
from claims.selectors.books import CLAIM_CHECKS
from policies.engine.vocabulary import Benefit
from tests import builder
from tests.builder.books import KeptBooks
from tests.builder.damage import Damage, behind_our_backs, change, checks_tried, differing, erase, raise_balance, repeat
from tests.claims.damages import DAMAGED_REVERSALS

pytestmark = pytest.mark.django_db

NO_CASH_SUM = (Settlement, "the_patient_share_is_paid_from_somewhere")
NO_SIGN = (Settlement, "no_amount_of_a_settlement_is_negative")

Found = dict[str, list[int]]


def used(settlement: Settlement, scope: Benefit = Benefit.GENERAL_OUTPATIENT) -> SettlementUsage:
    """What a settlement added to an accumulator."""
    return SettlementUsage.objects.get(settlement=settlement, scope=scope)


def accumulator(part: SettlementUsage) -> BenefitUsage:
    return BenefitUsage.objects.get(
        member=part.settlement.member, year=part.year, month=part.month, scope=part.scope, key=part.key
    )


def paid_by(settlement: Settlement, kind: EntryKind) -> Any:
    """The facts of the entry by which a settlement paid."""
    return {"cause": f"settlement:{settlement.pk}", "kind": kind}


# --- Usage ---


def an_accumulator_holds_more(kept: KeptBooks) -> Found:
    usage = accumulator(used(kept.own))
    change(usage, paid=F("paid") + 1)
    return {"usage": [usage.pk]}


def a_settlement_used_more_than_the_accumulator_holds(kept: KeptBooks) -> Found:
    part = used(kept.large)
    change(part, counted=F("counted") + 1)
    return {"usage": [accumulator(part).pk]}


def an_accumulator_is_gone(kept: KeptBooks) -> Found:
    part = used(kept.large, Benefit.INPATIENT)
    erase(accumulator(part))
    return {"usage_parts": [part.pk]}


def usage_counts_in_another_month(kept: KeptBooks) -> Found:
    part = used(kept.large, Benefit.INPATIENT)
    change(accumulator(part), month=7)
    change(part, month=7)
    return {"usage_parts": [part.pk]}


def a_settlement_left_no_usage(kept: KeptBooks) -> Found:
    """Accumulator and settlements agree with each other, and both lack it."""
    part = used(kept.own)
    usage = accumulator(part)
    for name in ("deductible", "covered", "paid", "counted"):
        change(usage, **{name: F(name) - getattr(part, name)})
    erase(part)
    return {"own_usage": [kept.own.pk]}


def a_settlement_bears_another_deductible_than_it_used(kept: KeptBooks) -> Found:
    change(kept.own, deductible=F("deductible") - 1)
    return {"own_usage": [kept.own.pk]}


# --- Parts of a settlement ---


def a_line_of_the_bill_has_another_amount(kept: KeptBooks) -> Found:
    change(kept.own.claim.lines.get(), amount=Decimal("150.01"))
    return {"settlements": [kept.own.pk]}


def the_patients_parts_do_not_add_up(kept: KeptBooks) -> Found:
    with behind_our_backs(NO_CASH_SUM):
        change(kept.own, cash=F("cash") + 1)
    return {"settlements": [kept.own.pk]}


def a_part_is_negative(kept: KeptBooks) -> Found:
    with behind_our_backs(NO_SIGN):
        change(kept.own, self_paid=F("self_paid") - 1, over_limit=F("over_limit") + 1)
    return {"settlements": [kept.own.pk]}


# --- Payments ---


def a_payment_has_no_entry(kept: KeptBooks) -> Found:
    erase(kept.entry(**paid_by(kept.own, EntryKind.POOLED_PAYMENT)))
    return {"payments": [kept.own.pk]}


def a_payment_on_inpatient_terms_has_another_amount(kept: KeptBooks) -> Found:
    change(kept.entry(**paid_by(kept.large, EntryKind.INPATIENT_PAYMENT)), amount=Decimal("3099.66"))
    return {"payments": [kept.large.pk]}


def an_account_pays_less_than_the_settlement_says(kept: KeptBooks) -> Found:
    change(kept.entry(**paid_by(kept.own, EntryKind.ACCOUNT_PAYMENT)), amount=Decimal("100.00"))
    # The account paid 100.50.
    raise_balance(kept.account(kept.holder), "0.50")
    return {"payments": [kept.own.pk]}


def a_relatives_account_pays_as_if_it_were_the_patients(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.family, EntryKind.ACCOUNT_PAYMENT))
    change(entry, beneficiary=None)
    return {"payments": [kept.family.pk], "payment_entries": [entry.pk]}


def another_account_pays(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.family, EntryKind.ACCOUNT_PAYMENT))
    change(entry, debit=kept.account(kept.late))
    raise_balance(kept.account(kept.holder), str(entry.amount))
    raise_balance(kept.account(kept.late), f"-{entry.amount}")
    return {"payment_entries": [entry.pk]}


def another_book_pays(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.own, EntryKind.POOLED_PAYMENT))
    change(entry, debit=kept.book(AccountKind.CONTRIBUTION_INCOME))
    return {"payment_entries": [entry.pk]}


def the_provider_is_paid_for_a_claim_filed_by_hand(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.family, EntryKind.POOLED_PAYMENT))
    change(entry, credit=kept.book(AccountKind.PROVIDER_PAYABLE))
    return {"payment_entries": [entry.pk]}


def a_payment_is_made_twice(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.own, EntryKind.POOLED_PAYMENT))
    planted = repeat(entry, f"{entry.key}:again")
    return {"payments": [kept.own.pk], "payment_entries": [planted.pk]}


def a_payment_without_a_settlement(kept: KeptBooks) -> Found:
    entry = kept.entry(**paid_by(kept.own, EntryKind.POOLED_PAYMENT))
    planted = repeat(entry, "settlement:0:pooled_payment", cause="settlement:0")
    return {"payment_entries": [planted.pk]}


# --- Reversals ---


def a_reversal_does_not_return_a_payment(kept: KeptBooks) -> Found:
    paid = kept.entry(**paid_by(kept.reversal.settlement, EntryKind.POOLED_PAYMENT))
    erase(kept.entry(reverses=paid))
    return {"payments": [kept.counter.pk], "reversals": [kept.reversal.pk]}


def a_reversal_returns_another_settlements_payment(kept: KeptBooks) -> Found:
    """As much money goes back, and not what was to go back."""
    returned = kept.entry(reverses__cause=f"settlement:{kept.reversal.settlement.pk}", amount=Decimal("11.00"))
    other = kept.entry(**paid_by(kept.own, EntryKind.POOLED_PAYMENT))
    change(returned, reverses=other)
    return {"counter_entries": [returned.pk], "payment_entries": [returned.pk], "reversals": [kept.reversal.pk]}


def a_reversal_gives_back_less_of_a_ceiling(kept: KeptBooks) -> Found:
    part = used(kept.counter)
    change(accumulator(part), paid=F("paid") + 1)
    change(part, paid=F("paid") + 1)
    return {"reversals": [kept.reversal.pk]}


def a_reversal_was_for_another_day(kept: KeptBooks) -> Found:
    change(kept.counter, served_on=kept.counter.served_on.replace(day=16))
    return {"reversals": [kept.reversal.pk]}


def a_reversed_claim_stands_as_settled(kept: KeptBooks) -> Found:
    change(kept.reversal.settlement.claim, state=ClaimState.SETTLED)
    return {"reversals": [kept.reversal.pk]}


def a_reversal_was_refused(kept: KeptBooks) -> Found:
    change(kept.reversal, state=ReversalState.REFUSED)
    return {"counter_rows": [kept.counter.pk]}


DAMAGES: tuple[Damage, ...] = (
    an_accumulator_holds_more,
    a_settlement_used_more_than_the_accumulator_holds,
    an_accumulator_is_gone,
    usage_counts_in_another_month,
    a_settlement_left_no_usage,
    a_settlement_bears_another_deductible_than_it_used,
    a_line_of_the_bill_has_another_amount,
    the_patients_parts_do_not_add_up,
    a_part_is_negative,
    a_payment_has_no_entry,
    a_payment_on_inpatient_terms_has_another_amount,
    an_account_pays_less_than_the_settlement_says,
    a_relatives_account_pays_as_if_it_were_the_patients,
    another_account_pays,
    another_book_pays,
    the_provider_is_paid_for_a_claim_filed_by_hand,
    a_payment_is_made_twice,
    a_payment_without_a_settlement,
    a_reversal_does_not_return_a_payment,
    a_reversal_returns_another_settlements_payment,
    a_reversal_gives_back_less_of_a_ceiling,
    a_reversal_was_for_another_day,
    a_reversed_claim_stands_as_settled,
    a_reversal_was_refused,
    *DAMAGED_REVERSALS,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_named_by_the_checks_for_it_alone(kept: KeptBooks, damage: Damage) -> None:
    assert differing(kept.region) == {}
    expected = damage(kept)
    assert differing(kept.region) == expected


def test_every_check_is_tried(kept: KeptBooks) -> None:
    assert checks_tried(kept, DAMAGES) >= {check.name for check in CLAIM_CHECKS}


def test_each_check_says_how_many_rows_it_looked_at(kept: KeptBooks) -> None:
    looked_at = {found.check.name: found.looked_at for found in find_differences(kept.region, CLAIM_CHECKS)}
    assert looked_at == {
        # The holder's month, the leaver's; the relative's month, and on inpatient terms.
        "usage": 4,
        # Five settlements and two counter-rows; the large one on inpatient terms, too.
        "usage_parts": 8,
        "settlements": 7,
        "own_usage": 7,
        "payments": 7,
        # The fund and an account: for the holder's, the relative's, the reversed one, and back; the large one's two;
        # the leaver's account alone, and back.
        "payment_entries": 12,
        "reversals": 2,
        "counter_rows": 2,
        "resettlements": 2,
        "after_closings": 1,
        # Nobody attached a paper, and the region's law is entered without its documents.
        "papers": 0,
        "documents": 0,
    }


def test_a_region_says_nothing_of_anothers_damage(kept: KeptBooks) -> None:
    an_accumulator_holds_more(kept)
    the_patients_parts_do_not_add_up(kept)
    away = builder.region("dazhou")
    assert differing(away) == {}
    assert {found.looked_at for found in find_differences(away, CLAIM_CHECKS)} == {0}
