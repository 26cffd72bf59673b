"""Taking settlements back, whatever they were: every accumulator and every balance is where it was before."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountKind, LedgerAccount
from accounts.services.ledger import book
from agency.models import PoolingRegion, User
from claims.models import BenefitUsage, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from members.models import Member
from policies.engine.vocabulary import Benefit, Tier
from providers.models import Provider
from tests import builder
from tests.builder.accounts import give, moved
from tests.builder.claims import a_claim
from tests.builder.law import figures
from tests.builder.people import disease

pytestmark = pytest.mark.django_db

FIRST = date(2023, 1, 1)
TODAY = date(2024, 12, 31)
DISEASE = "M03900"
BENEFITS = {
    "pingliang": [Benefit.GENERAL_OUTPATIENT],
    "dazhou": [Benefit.GENERAL_OUTPATIENT],
    "zaozhuang": [Benefit.GENERAL_OUTPATIENT],
    "kaifeng": [Benefit.GENERAL_OUTPATIENT],
    "baoshan": [
        Benefit.GENERAL_OUTPATIENT,
        Benefit.CHRONIC_DISEASE,
        Benefit.SPECIAL_DISEASE,
        Benefit.EMERGENCY_RESCUE,
        Benefit.NEGOTIATED_DRUG,
        Benefit.DAY_SURGERY,
    ],
}


class Bill(NamedTuple):
    """A visit: how many days into 2023 (more than 364: in 2024), where, for what, and its two amounts in yuan."""

    day: int
    secondary: bool
    benefit: int
    first: Decimal
    second: Decimal
    pay_from_account: bool


yuan = st.integers(min_value=1, max_value=600_000).map(lambda fen: Decimal(fen) / 100)
bills = st.lists(
    st.builds(
        Bill,
        day=st.sampled_from([0, 1, 30, 31, 364, 365, 400]),
        secondary=st.booleans(),
        benefit=st.integers(0, 5),
        first=yuan,
        second=yuan,
        pay_from_account=st.booleans(),
    ),
    min_size=3,
    max_size=5,
)


def used() -> dict[tuple[int, int, int, str, str], tuple[Decimal, ...]]:
    """Every accumulator that holds anything."""
    return {
        (row.member_id, row.year, row.month, row.scope, row.key): amounts
        for row in BenefitUsage.objects.all()
        if any(amounts := (row.deductible, row.covered, row.paid, row.counted))
    }


def balances(region: PoolingRegion) -> dict[int, Decimal]:
    """What every account of the region has, as its entries say and, where it keeps one, its balance."""
    found = moved(region)
    for account in LedgerAccount.objects.filter(region=region):
        assert account.balance in (None, found[account.pk])
    return found


class Scene(NamedTuple):
    """A member of 69 with both diseases registered, 500 yuan in the account, two institutions, and two colleagues."""

    slug: str
    member: Member
    clinic: Provider
    hospital: Provider
    maker: User
    checker: User

    def settle(self, bill: Bill) -> Settlement:
        benefit = BENEFITS[self.slug][bill.benefit % len(BENEFITS[self.slug])]
        negotiated = benefit == Benefit.NEGOTIATED_DRUG
        claim = a_claim(
            self.member,
            provider=self.hospital if bill.secondary or negotiated else self.clinic,
            served_on=FIRST + timedelta(days=bill.day),
            lines=[
                builder.a_line(amount, code=code, is_negotiated=negotiated)
                for code, amount in (("X", bill.first), ("Y", bill.second))
            ],
            benefit=benefit,
            disease=DISEASE if benefit in (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE) else "",
            pay_from_account=bill.pay_from_account,
        )
        outcome = settle_claim(claim, today=TODAY)
        assert isinstance(outcome, Settlement), outcome
        return outcome

    def take_back(self, settlement: Settlement) -> Settlement:
        asked = request_reversal(settlement, actor=self.maker, reason="wrong bill")
        return approve_reversal(asked, actor=self.checker, today=TODAY)


@pytest.fixture
def scene(slug: str, maker: User, checker: User) -> Scene:
    """One for all examples; what an example does is taken back."""
    member = builder.retiree(slug, born=date(1954, 1, 31))
    region = member.region
    give(member, "500.00", FIRST)
    for kind in (AccountKind.PROVIDER_PAYABLE, AccountKind.MEMBER_PAYABLE):
        book(region, kind)
    if slug == "baoshan":
        for benefit in (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE):
            disease(member, maker, checker, DISEASE, benefit, since=FIRST)
        figures(maker, checker, slug, Benefit.INPATIENT, deductible="800.00", rate="0.85", ceiling="6000.00")
    hospital = builder.a_provider(region, Tier.SECONDARY)
    return Scene(slug, member, builder.a_provider(region), hospital, maker, checker)


def states_of_the_start(member: Member) -> dict[int, Decimal]:
    """The fund gave the account its 500, and nothing else has moved."""
    moved = {AccountKind.PERSONAL: Decimal("500.00"), AccountKind.POOLED_FUND: Decimal("-500.00")}
    return {
        account.pk: moved.get(AccountKind(account.kind), Decimal(0))
        for account in LedgerAccount.objects.filter(region=member.region)
    }


@pytest.mark.parametrize("slug", BENEFITS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=bills)
def test_reversals_give_back_all_that_the_settlements_used(scene: Scene, bills: list[Bill]) -> None:
    member = scene.member
    with transaction.atomic():
        states = [(used(), balances(member.region))]
        settlements = []
        for bill in bills:
            settlements.append(scene.settle(bill))
            states.append((used(), balances(member.region)))
        assert states[-1][0]
        for settlement in reversed(settlements):
            assert (used(), balances(member.region)) == states.pop()
            assert scene.take_back(settlement).total == settlement.total
        assert (used(), balances(member.region)) == states.pop() == ({}, states_of_the_start(member))
        again = scene.settle(bills[0])
        first = settlements[0]
        for name in ("deductible", "pooled", "pooled_inpatient", "account"):
            assert getattr(again, name) == getattr(first, name)
        transaction.set_rollback(True)


def left(member: Member) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """What stands, in the order of settlement: the bill, its deductible, and what the funds pay."""
    standing = Settlement.objects.filter(member=member, reverses=None, reversed_by=None)
    return [
        (each.claim.claim_number, each.deductible, each.pooled, each.pooled_inpatient)
        for each in sorted(standing.select_related("claim"), key=lambda each: each.in_place_of_id or each.pk)
    ]


@pytest.mark.parametrize("slug", BENEFITS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=bills, order=st.permutations(range(5)), kept=st.integers(1, 2))
def test_reversals_in_any_order_leave_what_never_having_settled_them_would(
    scene: Scene, bills: list[Bill], order: list[int], kept: int
) -> None:
    """Bills paid in cash, so that no account remembers what it paid before."""
    member = scene.member
    with transaction.atomic():
        in_cash = [bill._replace(pay_from_account=False) for bill in bills]
        claims = [scene.settle(bill).claim for bill in in_cash]
        wrong = [place for place in order if place < len(claims)][kept:]
        for place in wrong:
            stands = Settlement.objects.get(claim=claims[place], reverses=None, reversed_by=None)
            scene.take_back(stands)
        remaining, usage = left(member), used()
        for settlement in Settlement.objects.filter(member=member, reverses=None, reversed_by=None):
            stands = Settlement.objects.get(claim=settlement.claim, reverses=None, reversed_by=None)
            scene.take_back(stands)
        assert used() == {}
        for place, bill in enumerate(in_cash):
            if place not in wrong:
                scene.settle(bill)
        assert [amounts[1:] for amounts in left(member)] == [amounts[1:] for amounts in remaining]
        assert used() == usage
        transaction.set_rollback(True)
