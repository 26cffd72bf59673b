"""What a member's page opens with of their claims: may they claim, and what of the year is used."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from agency.models import PoolingRegion, Role
from claims.models import Settlement
from claims.selectors.standing import standing_on
from members.models import Member
from policies.engine.standing import Used
from policies.engine.vocabulary import Benefit, CeilingPeriod, CeilingScope, InsuredStatus, RefusalReason, Tier
from tests import builder as house
from tests.builder.claims import a_claim
from tests.builder.screens import visitor
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db

MARCH, DECEMBER = date(2023, 3, 1), date(2023, 12, 1)
GENERAL = Benefit.GENERAL_OUTPATIENT
TERTIARY = (Tier.TERTIARY_C, Tier.TERTIARY_B, Tier.TERTIARY_A)


@pytest.fixture
def zaozhuang() -> PoolingRegion:
    return house.region("zaozhuang")


@pytest.fixture
def member(zaozhuang: PoolingRegion) -> Member:
    """Paid for the year 2023, and was at a primary institution on 1 March with 500 yuan."""
    member = house.insured(zaozhuang)
    house.contributions(member, date(2023, 1, 1), DECEMBER)
    claim = a_claim(member, provider=house.a_provider(zaozhuang), served_on=MARCH, lines=[house.a_line("500.00")])
    assert isinstance(outcome_of(claim, today=date(2023, 3, 2)), Settlement)
    return member


def shown(used: list[Used]) -> set[tuple[CeilingScope | None, tuple[Tier, ...], Decimal, Decimal | None]]:
    assert all(each.period == CeilingPeriod.YEAR for each in used)
    return {(each.scope, each.tiers, each.used, each.limit) for each in used}


def test_the_deductible_by_tier_and_the_ceiling_with_what_was_used_of_them(member: Member) -> None:
    """Zaozhuang 5: 200, 400 and 800 yuan of deductible, 200 of them borne; 70 % of the other 300 were paid."""
    standing = standing_on(member, date(2023, 3, 31))
    assert standing.refusal is None
    borne, paid = Decimal("200.00"), Decimal("210.00")
    assert shown(standing.used[GENERAL]) >= {
        (None, (Tier.PRIMARY,), borne, Decimal("200.00")),
        (None, (Tier.SECONDARY,), borne, Decimal("400.00")),
        (None, TERTIARY, borne, Decimal("800.00")),
    }
    [ceiling] = [each for each in standing.used[GENERAL] if each.scope == CeilingScope.GENERAL_OUTPATIENT]
    assert (ceiling.used, ceiling.limit) == (paid, Decimal("1500.00"))


def test_on_a_past_day_only_what_was_used_until_then_counts(member: Member) -> None:
    assert {each.used for each in standing_on(member, date(2023, 2, 28)).used[GENERAL]} == {Decimal(0)}
    assert {each.used for each in standing_on(member, MARCH).used[GENERAL]} >= {Decimal("200.00"), Decimal("210.00")}


def test_another_year_begins_with_nothing(member: Member) -> None:
    assert {each.used for each in standing_on(member, date(2024, 1, 1)).used[GENERAL]} == {Decimal(0)}


def test_why_a_claim_would_not_be_paid(member: Member, zaozhuang: PoolingRegion) -> None:
    unpaid = standing_on(member, date(2024, 1, 15))
    assert unpaid.refusal is not None
    assert unpaid.refusal.reason == RefusalReason.NOT_ENTITLED
    stranger = standing_on(house.a_member(zaozhuang), MARCH)
    assert stranger.refusal is not None
    assert (stranger.refusal.reason, stranger.used) == (RefusalReason.NOT_ENTITLED, {})
    assert standing_on(member, date(2022, 1, 1)).policy is None


def test_the_retired_owe_no_contribution(zaozhuang: PoolingRegion) -> None:
    assert standing_on(house.insured(zaozhuang, status=InsuredStatus.RETIRED), MARCH).refusal is None


def test_the_page_opens_with_the_answer(member: Member) -> None:
    """In both languages, as of the day that is asked for."""
    address = reverse("admin:members_member_change", args=[member.pk])
    clerk = house.staff("zhang", Role.CLERK)
    page = visitor(clerk).get(address, {"on": "2023-03-31"}).content.decode()
    for words in ("May they claim?", "Yes", "200.00 / 400.00", "Deductible · secondary", "active · 42 years"):
        assert words in page
    assert "200.00 / 400.00" in visitor(clerk, "zh-hans").get(address, {"on": "2023-03-31"}).content.decode()
    assert "No contribution for January 2024" in visitor(clerk).get(address, {"on": "2024-01-15"}).content.decode()
    assert "“soon” is no day" in visitor(clerk).get(address, {"on": "soon"}).content.decode()
