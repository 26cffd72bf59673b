"""Taking settlements back, whatever they were: every accumulator and every balance is where it was before."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountKind, EntryKind, LedgerAccount
from accounts.services.ledger import Posting, book, post
from agency.models import PoolingRegion, User
from claims.models import BenefitUsage, Settlement
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.diseases import approve_disease_registration, submit_disease_registration
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import Disease, FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from providers.models import Provider
from tests import house

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
_numbers = count(1)


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
    """What every account of the region has, as its entries say."""
    found = {}
    for account in LedgerAccount.objects.filter(region=region):
        came = sum((entry.amount for entry in account.credits.all()), Decimal(0))
        went = sum((entry.amount for entry in account.debits.all()), Decimal(0))
        found[account.pk] = came - went
        assert account.balance in (None, came - went)
    return found


def set_the_scene(slug: str, maker: User, checker: User) -> tuple[Member, dict[bool, Provider]]:
    """A member of 69 with both diseases registered, 500 yuan in the account, and two institutions."""
    region = house.region(slug)
    member = house.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1954, 1, 31))
    account = LedgerAccount.objects.create(
        region=region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )
    fund = book(region, AccountKind.POOLED_FUND)
    gift = Posting(fund, account, Decimal("500.00"), EntryKind.POOLED_PAYMENT, f"give:{member.pk}", "test")
    post([gift], on=FIRST, actor=None)
    for kind in (AccountKind.PROVIDER_PAYABLE, AccountKind.MEMBER_PAYABLE):
        book(region, kind)
    if slug == "baoshan":
        for benefit in (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE):
            registration = submit_disease_registration(
                member, code=DISEASE, benefit=benefit, since=FIRST, actor=maker, reason=house.REASON
            )
            approve_disease_registration(registration, actor=checker)
        for figure, value in {"deductible": "800.00", "rate": "0.85", "ceiling": "6000.00"}.items():
            proposal: dict[str, Any] = {
                "kind": FigureKind(figure),
                "benefit": Benefit.INPATIENT,
                "value": Decimal(value),
                "first_day": FIRST,
                "document_number": "本地文件1号",
                "article": "第二条",
                "phrase": "本地标准",
            }
            approve_local_figure(
                propose_local_figure(region, actor=maker, reason=house.REASON, **proposal), actor=checker
            )
    return member, {False: house.a_provider(region), True: house.a_provider(region, Tier.SECONDARY)}


def settle(slug: str, member: Member, providers: dict[bool, Provider], bill: Bill) -> Settlement:
    benefit = BENEFITS[slug][bill.benefit % len(BENEFITS[slug])]
    negotiated = benefit == Benefit.NEGOTIATED_DRUG
    needs_disease = benefit in (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE)
    claim = register_claim(
        NewClaim(
            member=member,
            provider=providers[bill.secondary or negotiated],
            claim_number=f"R{next(_numbers)}",
            served_on=FIRST + timedelta(days=bill.day),
            lines=[
                house.a_line(amount, code=code, is_negotiated=negotiated)
                for code, amount in (("X", bill.first), ("Y", bill.second))
            ],
            benefit=benefit,
            disease=Disease.objects.get(region=member.region, code=DISEASE) if needs_disease else None,
            pay_from_account=bill.pay_from_account,
        ),
        today=TODAY,
        reason=house.REASON,
    )
    outcome = settle_claim(claim, today=TODAY)
    assert isinstance(outcome, Settlement), outcome
    return outcome


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
def test_reversals_give_back_all_that_the_settlements_used(slug: str, bills: list[Bill]) -> None:
    with transaction.atomic():
        maker, checker = house.staff("maker"), house.staff("checker")
        member, providers = set_the_scene(slug, maker, checker)
        states = [(used(), balances(member.region))]
        settlements = []
        for bill in bills:
            settlements.append(settle(slug, member, providers, bill))
            states.append((used(), balances(member.region)))
        assert states[-1][0]
        for settlement in reversed(settlements):
            assert (used(), balances(member.region)) == states.pop()
            counter = approve_reversal(
                request_reversal(settlement, actor=maker, reason="wrong bill"), actor=checker, today=TODAY
            )
            assert counter.total == settlement.total
        assert (used(), balances(member.region)) == states.pop() == ({}, states_of_the_start(member))
        again = settle(slug, member, providers, bills[0])
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
    slug: str, bills: list[Bill], order: list[int], kept: int
) -> None:
    """Bills paid in cash, so that no account remembers what it paid before."""
    with transaction.atomic():
        maker, checker = house.staff("maker"), house.staff("checker")
        member, providers = set_the_scene(slug, maker, checker)
        in_cash = [bill._replace(pay_from_account=False) for bill in bills]
        claims = [settle(slug, member, providers, bill).claim for bill in in_cash]
        wrong = [place for place in order if place < len(claims)][kept:]
        for place in wrong:
            stands = Settlement.objects.get(claim=claims[place], reverses=None, reversed_by=None)
            approve_reversal(request_reversal(stands, actor=maker, reason="wrong bill"), actor=checker, today=TODAY)
        remaining, usage = left(member), used()
        for settlement in Settlement.objects.filter(member=member, reverses=None, reversed_by=None):
            stands = Settlement.objects.get(claim=settlement.claim, reverses=None, reversed_by=None)
            approve_reversal(request_reversal(stands, actor=maker, reason="wrong bill"), actor=checker, today=TODAY)
        assert used() == {}
        for place, bill in enumerate(in_cash):
            if place not in wrong:
                settle(slug, member, providers, bill)
        assert [amounts[1:] for amounts in left(member)] == [amounts[1:] for amounts in remaining]
        assert used() == usage
        transaction.set_rollback(True)
