"""Negotiated drugs: their deductible, their lines, and who may sell them (Baoshan 14, 29)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError
from agency.models import User
from claims.models import BenefitUsage, ClaimLine, ClaimState
from claims.services.settlement import settle_claim
from policies.engine.vocabulary import (
    Benefit,
    CatalogCategory,
    ItemKind,
    RefusalReason,
    Tier,
)
from providers.services import change_agreement
from tests import builder
from tests.builder import retiree
from tests.builder.claims import DAY, a_claim
from tests.builder.law import baoshan_inpatient
from tests.builder.settlements import refused, settled

pytestmark = pytest.mark.django_db


def drug(code: str, amount: str, **overrides: Any) -> ClaimLine:
    facts: dict[str, Any] = {"code": code, "is_negotiated": True} | overrides
    return builder.a_line(amount, ItemKind.DRUG, CatalogCategory.B, **facts)


def test_a_negotiated_drug_bears_its_deductible_once_a_year_and_afresh_in_the_next(maker: User, checker: User) -> None:
    baoshan_inpatient(maker, checker)
    member = retiree("baoshan")
    dues = []
    for served_on, lines in [
        (DAY, [drug("X", "500.00"), drug("Y", "2000.00")]),
        (date(2023, 12, 31), [drug("X", "1000.00"), drug("Y", "1000.00")]),
        (date(2024, 1, 1), [drug("X", "1000.00")]),
    ]:
        found = settled(member, benefit=Benefit.NEGOTIATED_DRUG, served_on=served_on, lines=lines)
        dues.append((found.upfront_share, found.deductible, found.pooled))
    assert dues == [
        # X: 450 of its 800; Y: 800 of 1800; (2250 − 1250) × 85 %.
        (Decimal("250.00"), Decimal("1250.00"), Decimal("850.00")),
        # X: the other 350; Y: none; (1800 − 350) × 85 %.
        (Decimal("200.00"), Decimal("350.00"), Decimal("1232.50")),
        (Decimal("100.00"), Decimal("800.00"), Decimal("85.00")),
    ]


def test_a_negotiated_drug_of_somebody_from_seventy_bears_half(maker: User, checker: User) -> None:
    baoshan_inpatient(maker, checker)
    member = retiree("baoshan", born=date(1953, 6, 16))
    terms: dict[str, Any] = {"benefit": Benefit.NEGOTIATED_DRUG, "lines": [drug("X", "500.00")]}
    assert settled(member, "1000.00", served_on=date(2023, 6, 15), **terms).deductible == Decimal("450.00")
    # Half of 800 was borne already the day before.
    assert settled(member, "1000.00", served_on=date(2023, 6, 16), **terms).deductible == Decimal("0.00")


@pytest.mark.parametrize(
    "line",
    [
        drug("", "500.00"),
        drug("X", "500.00", is_negotiated=False),
        builder.a_line("50.00", ItemKind.TREATMENT),
    ],
    ids=["no code", "not negotiated", "another line"],
)
def test_every_line_is_a_negotiated_drug_with_its_code(maker: User, checker: User, line: ClaimLine) -> None:
    baoshan_inpatient(maker, checker)
    claim = a_claim(retiree("baoshan"), benefit=Benefit.NEGOTIATED_DRUG, lines=[drug("X", "500.00"), line])
    with pytest.raises(DomainError):
        settle_claim(claim, today=DAY)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED
    assert not BenefitUsage.objects.exists()


def test_at_a_primary_institution_a_negotiated_drug_is_not_paid(maker: User, checker: User) -> None:
    baoshan_inpatient(maker, checker)
    outcome = refused(
        retiree("baoshan"), tier=Tier.PRIMARY, benefit=Benefit.NEGOTIATED_DRUG, lines=[drug("X", "5000.00")]
    )
    assert outcome.reason == RefusalReason.NOT_DESIGNATED


def test_a_pharmacy_sells_negotiated_drugs_at_the_funds_cost_if_it_is_dual_channel(maker: User, checker: User) -> None:
    """Baoshan 29: 90 % of 1,000.00 above the deductible of 800.00, at 85 % on the prescriber's terms."""
    baoshan_inpatient(maker, checker)
    pharmacy = builder.a_provider(builder.region("baoshan"), Tier.PHARMACY)
    terms: dict[str, Any] = {
        "benefit": Benefit.NEGOTIATED_DRUG,
        "lines": [drug("X", "1000.00")],
        "provider": pharmacy,
        "prescribing_tier": Tier.SECONDARY,
    }
    outcome = refused(retiree("baoshan"), "1000.00", **terms)
    assert outcome.reason == RefusalReason.NOT_DUAL_CHANNEL
    assert outcome.citation is not None
    assert (outcome.citation.article, outcome.citation.phrase) == ("第二十九条", "在“双通道”药店购买“双通道”药品")
    change_agreement(
        pharmacy,
        tier=Tier.PHARMACY,
        first_day=DAY,
        is_designated=True,
        is_dual_channel=True,
        reason=builder.REASON,
    )
    assert settled(retiree("baoshan"), "1000.00", **terms).pooled == Decimal("85.00")
