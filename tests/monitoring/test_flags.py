"""Patterns that are flagged: each kind below, on and above its limit."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import EntryKind, LedgerEntry
from accounts.services.ledger import reverse_entries
from claims.models import Claim, ClaimState, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from members.services.registrations import record_hospital_stay
from monitoring.models import FlagKind, ReviewFlag
from monitoring.selectors.flags import explain_flag
from monitoring.services.standards import set_standard
from policies.engine.vocabulary import Tier
from tests import builder
from tests.builder.accounts import give
from tests.builder.claims import a_claim
from tests.builder.damage import rewrite
from tests.builder.settlements import outcome_of, settled
from tests.monitoring.watched import (
    FIRST,
    MARCH,
    Desk,
    a_place,
    watched_desk,  # noqa: F401  The fixture "desk".
)

# --- Far apart ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitude", "second", "raised"),
    [
        # 0.4496° are 49.99 km, 0.4498° are 50.02 km.
        ("34.449600", time(10, 30), False),
        ("34.449800", time(10, 30), True),
        ("34.449800", time(11, 0), True),
        ("34.449800", time(11, 0, 1), False),
        ("34.449800", time(9, 0), True),
        ("34.449800", None, False),
        (None, time(10, 30), False),
    ],
)
def test_two_providers_far_apart_within_the_minutes(
    desk: Desk, latitude: str | None, second: time | None, raised: bool
) -> None:
    here, there = a_place(desk, "34.000000"), a_place(desk, latitude)
    desk.visit(MARCH, here, time(10, 0))
    desk.visit(MARCH, there, second)
    assert desk.look() == ({FlagKind.FAR_APART: 1} if raised else {})


def test_far_apart_says_when_and_how_far(desk: Desk) -> None:
    here, there = a_place(desk, "34.000000"), a_place(desk, "35.000000")
    first, second = desk.visit(MARCH, here, time(10, 0)), desk.visit(MARCH, there, time(10, 40))
    desk.look()
    flag = ReviewFlag.objects.get()
    assert set(flag.claims.all()) == {first, second}
    assert (flag.provider, flag.facts["minutes"], flag.facts["kilometres"]) == (None, "40", "111.2")
    assert [each in explain_flag(flag) for each in (here.name, there.name, "40", "111.2", "60", "50")] == [True] * 6


@pytest.mark.parametrize("month", [date(2023, 2, 1), MARCH])
def test_two_visits_around_midnight_are_found_from_either_month(desk: Desk, month: date) -> None:
    here, there = a_place(desk, "34.000000"), a_place(desk, "35.000000")
    desk.visit(date(2023, 2, 28), here, time(23, 45))
    desk.visit(MARCH, there, time(0, 15))
    assert desk.look(month) == {FlagKind.FAR_APART: 1}
    assert desk.look(date(2023, 2, 1)) == desk.look(MARCH) == {}


def test_one_provider_is_not_far_from_itself_and_members_are_not_mixed(desk: Desk) -> None:
    here, there = a_place(desk, "34.000000"), a_place(desk, "35.000000")
    desk.visit(MARCH, here, time(10, 0))
    desk.visit(MARCH, here, time(10, 5))
    a_claim(builder.insured(desk.region), served_on=MARCH, provider=there, served_at=time(10, 10))
    assert desk.look() == {}


# --- Many days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "raised"),
    [
        (range(1, 5), False),
        (range(1, 6), False),
        (range(1, 7), True),
        ([1, 2, 3, 5, 6, 7, 8], False),
        ([1, 2, 2, 3, 3, 4, 5], False),
    ],
)
def test_more_days_in_a_row_than_the_limit(desk: Desk, days: list[int], raised: bool) -> None:
    desk.visits(*days)
    assert desk.look() == ({FlagKind.MANY_DAYS: 1} if raised else {})


def test_days_in_a_row_across_the_edge_of_a_month_are_one_pattern(desk: Desk) -> None:
    claims = desk.visits(-9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1)
    assert desk.look() == {FlagKind.MANY_DAYS: 1}
    flag = ReviewFlag.objects.get()
    assert (flag.first_day, flag.last_day, flag.facts["days"]) == (date(2023, 2, 19), MARCH, "11")
    assert set(flag.claims.all()) == set(claims)
    assert desk.look(date(2023, 2, 1)) == desk.look(date(2023, 4, 1)) == {}


def test_an_open_flag_grows_with_its_days_at_both_ends(desk: Desk) -> None:
    desk.visits(*range(2, 8))
    desk.look()
    desk.visits(1, 8)
    assert desk.look() == {}
    flag = ReviewFlag.objects.get()
    assert (flag.first_day, flag.last_day, flag.facts["days"]) == (MARCH, date(2023, 3, 8), "8")
    assert flag.claims.count() == 8
    assert "8" in explain_flag(flag)


# --- Several bills of one provider on a day -------------------------------------------------------


@pytest.mark.parametrize(("bills", "raised"), [(1, False), (2, False), (3, True)])
def test_more_bills_of_a_provider_on_a_day_than_the_limit(desk: Desk, bills: int, raised: bool) -> None:
    for _number in range(bills):
        desk.visit(MARCH)
    desk.visit(MARCH, desk.pharmacy)
    assert desk.look() == ({FlagKind.SPLIT_BILL: 1} if raised else {})


def test_split_bills_are_added_up_and_the_flag_takes_another(desk: Desk) -> None:
    for amount in ("10.00", "20.50", "30.00"):
        desk.visit(date(2023, 3, 31), amount=amount)
    desk.look()
    assert ReviewFlag.objects.get().facts["yuan"] == "60.50"
    desk.visit(date(2023, 3, 31), amount="1000.00")
    assert desk.look() == {}
    flag = ReviewFlag.objects.get()
    assert (flag.facts["visits"], flag.claims.count(), flag.provider) == ("4", 4, desk.clinic)
    assert "1,060.50" in explain_flag(flag)


# --- Cash-out -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payments", "raised"),
    [
        # Five payments on seven days, together 1000.00 yuan.
        ([(1, "200"), (2, "200"), (3, "200"), (4, "200"), (7, "200")], True),
        ([(1, "200"), (2, "200"), (3, "200"), (4, "200"), (8, "200")], False),
        ([(1, "200"), (2, "200"), (3, "200"), (4, "200"), (7, "199.99")], False),
        ([(1, "500"), (2, "500"), (3, "500"), (4, "500")], False),
        ([(5, "200")] * 5, True),
    ],
)
def test_many_large_payments_at_one_pharmacy(desk: Desk, payments: list[tuple[int, str]], raised: bool) -> None:
    give(desk.member, "5000.00")
    for day, amount in payments:
        desk.pay(day, amount)
    desk.pay(3, "900", builder.a_provider(desk.region, Tier.PHARMACY))
    assert desk.look() == ({FlagKind.CASH_OUT: 1} if raised else {})


def test_a_payment_taken_back_does_not_count(desk: Desk) -> None:
    give(desk.member, "5000.00")
    entries = [desk.pay(day, "200") for day in range(1, 6)]
    reverse_entries(entries[:1], on=date(2023, 3, 6), actor=None, cause="test")
    assert desk.look() == {}


def test_overlapping_weeks_are_one_pattern_that_crosses_the_month(desk: Desk) -> None:
    give(desk.member, "5000.00")
    for day in (-2, -1, 0, 1, 2, 6):
        desk.pay(day, "250")
    desk.pay(20, "250")
    assert desk.look() == {FlagKind.CASH_OUT: 1}
    flag = ReviewFlag.objects.get()
    # Five payments from 26 February to 2 March; on 6 March only four lie within seven days.
    assert (flag.first_day, flag.last_day) == (date(2023, 2, 26), date(2023, 3, 2))
    assert (flag.facts["payments"], flag.facts["yuan"]) == ("5", "1250.00")
    # With a sixth, the week up to 6 March has five as well, and shares its first days with the others.
    desk.pay(3, "250")
    assert desk.look() == {}
    flag.refresh_from_db()
    assert (flag.last_day, flag.facts["payments"], flag.facts["yuan"]) == (date(2023, 3, 6), "7", "1750.00")
    assert desk.look(date(2023, 2, 1)) == {}


def test_what_a_settlement_took_from_the_account_counts_with_its_claim(desk: Desk) -> None:
    builder.contributions(desk.member, MARCH, MARCH)
    give(desk.member, "5000.00")
    for day in range(1, 5):
        desk.pay(day, "300")
    paid = settled(desk.member, "300.00", provider=desk.pharmacy, prescribing_tier=Tier.PRIMARY, pay_from_account=True)
    assert paid.account > 0
    assert desk.look() == {FlagKind.CASH_OUT: 1}
    flag = ReviewFlag.objects.get()
    assert (list(flag.claims.all()), flag.facts["payments"]) == ([paid.claim], "5")
    assert flag.facts["yuan"] == str(Decimal("1200.00") + paid.account)


def bought(desk: Desk, day: int, posted_on: date) -> Settlement:
    """Drugs of 1000.00 on a day of March, paid by fund and account and posted on another day."""
    facts: dict[str, Any] = {
        "prescribing_tier": Tier.PRIMARY,
        "pay_from_account": True,
        "served_on": date(2023, 3, day),
    }
    outcome = outcome_of(a_claim(desk.member, "1000.00", provider=desk.pharmacy, **facts), today=posted_on)
    assert isinstance(outcome, Settlement)
    assert outcome.account >= 200
    return outcome


@pytest.mark.parametrize(
    ("days", "raised"), [((1, 2, 3, 4, 5), True), ((1, 2, 3, 4, 8), False), ((1, 8, 15, 22, 29), False)]
)
def test_the_day_of_the_purchase_counts_and_not_that_of_the_posting(
    desk: Desk, days: tuple[int, ...], raised: bool
) -> None:
    """All of them come with one file in April."""
    builder.contributions(desk.member, MARCH, MARCH)
    give(desk.member, "5000.00")
    for day in days:
        bought(desk, day, date(2023, 4, 10))
    assert desk.look(date(2023, 4, 1)) == {}
    assert desk.look() == ({FlagKind.CASH_OUT: 1} if raised else {})
    if raised:
        flag = ReviewFlag.objects.get()
        assert (flag.first_day, flag.last_day) == (MARCH, date(2023, 3, 5))


def test_what_is_settled_anew_keeps_the_day_of_the_purchase(desk: Desk) -> None:
    """The first claim is taken back on 10 April; one comes out otherwise and is posted then, beside a purchase of that
    day.
    """
    limits = replace(FIRST, payments=2, payments_yuan=Decimal("100.00"))
    set_standard(desk.region, limits, actor=desk.supervisor, reason="test")
    builder.contributions(desk.member, MARCH, MARCH)
    give(desk.member, "9000.00")
    before, *_later = [bought(desk, day, date(2023, 3, day)) for day in (1, 8, 15, 22, 29)]
    asked = request_reversal(before, actor=desk.supervisor, reason="wrong member")
    approve_reversal(asked, actor=builder.staff("another"), today=date(2023, 4, 10))
    assert LedgerEntry.objects.filter(kind=EntryKind.ACCOUNT_PAYMENT, posted_on=date(2023, 4, 10)).count() == 1
    desk.pay(41, "200")
    assert desk.look() == desk.look(date(2023, 4, 1)) == {}


# --- Stays and deaths -----------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "raised"), [(9, False), (10, True), (14, True), (15, False)])
def test_an_outpatient_claim_during_a_hospital_stay(desk: Desk, day: int, raised: bool) -> None:
    record_hospital_stay(desk.member, since=date(2023, 3, 10), until=date(2023, 3, 14), reason="test")
    (claim,) = desk.visits(day)
    assert desk.look() == ({FlagKind.DURING_STAY: 1} if raised else {})
    if raised:
        flag = ReviewFlag.objects.get()
        assert (flag.facts["first"], flag.facts["last"], list(flag.claims.all())) == (
            "2023-03-10",
            "2023-03-14",
            [claim],
        )


def test_a_stay_that_goes_on_says_so(desk: Desk) -> None:
    record_hospital_stay(desk.member, since=date(2023, 3, 10), until=None, reason="test")
    desk.visits(30)
    assert desk.look() == {FlagKind.DURING_STAY: 1}
    flag = ReviewFlag.objects.get()
    assert "last" not in flag.facts
    assert [part in explain_flag(flag) for part in (desk.clinic.name, "10", "30")] == [True] * 3


@pytest.mark.parametrize(("day", "raised"), [(9, False), (10, False), (11, True)])
def test_a_claim_after_death(desk: Desk, day: int, raised: bool) -> None:
    desk.visits(day)
    Member.objects.filter(pk=desk.member.pk).update(died_on=date(2023, 3, 10))
    assert desk.look() == ({FlagKind.AFTER_DEATH: 1} if raised else {})


@pytest.mark.parametrize(("state", "raised"), [(ClaimState.REFUSED, True), (ClaimState.REVERSED, False)])
def test_a_refused_claim_after_death_is_looked_at_and_a_reversed_one_is_not(
    desk: Desk, state: ClaimState, raised: bool
) -> None:
    (claim,) = desk.visits(11)
    Member.objects.filter(pk=desk.member.pk).update(died_on=date(2023, 3, 10))
    become(claim, state)
    assert desk.look() == ({FlagKind.AFTER_DEATH: 1} if raised else {})


@pytest.mark.parametrize("state", [ClaimState.REFUSED, ClaimState.REVERSED])
def test_a_bill_that_nobody_pays_splits_nothing(desk: Desk, state: ClaimState) -> None:
    """Two visits to one provider are allowed on a day; of three, one was refused or taken back."""
    claims = desk.visits(11, 11, 11)
    become(claims[0], state)
    assert desk.look() == {}


def become(claim: Claim, state: ClaimState) -> None:
    """As a settlement or a reversal would leave it."""
    reason = "not_entitled" if state == ClaimState.REFUSED else ""
    rewrite(Claim.objects.filter(pk=claim.pk), state=state, refusal_reason=reason)
