"""Benefits on inpatient terms: emergency rescue, day surgery, negotiated drugs."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from policies.engine.adjudication import adjudicate
from policies.engine.errors import MissingLaw, OtherBenefit
from policies.engine.facts import Circumstances, Line, Usage, Visit
from policies.engine.outcome import Outcome, StepCode
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, RefusalReason, Tier
from tests.policies.accumulators import Year
from tests.policies.configured import INPATIENT, LOCAL, configured
from tests.policies.visits import (
    DAY_SURGERY,
    GENERAL,
    NEGOTIATED,
    RESCUE,
    TERTIARY,
    baoshan,
    law,
    paid,
    person,
    refused,
    visit,
)

pytestmark = pytest.mark.django_db

# --- Emergency rescue (Baoshan 13) and day surgery (Baoshan 15) ---


@pytest.mark.parametrize("tier", INPATIENT)
@pytest.mark.parametrize("benefit", [RESCUE, DAY_SURGERY])
def test_rescue_and_day_surgery_have_the_inpatient_terms_of_the_tier(benefit: Benefit, tier: Tier) -> None:
    deductible, rate = (Decimal(figure) for figure in INPATIENT[tier])
    if benefit == DAY_SURGERY:
        deductible /= 2
    found = paid(baoshan(), visit(benefit, "3000.00", tier), Circumstances())
    assert found.deductible == deductible
    assert found.pooled == (3000 - deductible) * rate
    cited = {step.code: step.citation for step in found.steps}
    assert cited[StepCode.REIMBURSEMENT] == LOCAL


def test_every_rescue_and_every_day_surgery_bears_its_deductible() -> None:
    for benefit, due in [(RESCUE, "400.00"), (DAY_SURGERY, "200.00")]:
        so_far = Year(baoshan(), person())
        for _ in range(2):
            found = so_far.settle(visit(benefit, "1000.00"))
            assert isinstance(found, Outcome)
            assert found.deductible == Decimal(due)


@pytest.mark.parametrize("hours", [None, 0, 47, 48])
def test_a_day_surgery_lasts_up_to_forty_eight_hours(hours: int | None) -> None:
    assert paid(baoshan(), visit(DAY_SURGERY, "1200.00", hours=hours), Circumstances()).pooled == Decimal("900.00")


@pytest.mark.parametrize("hours", [49, 240])
def test_beyond_forty_eight_hours_it_is_a_hospital_stay(hours: int) -> None:
    with pytest.raises(OtherBenefit) as caught:
        adjudicate(baoshan(), person(), visit(DAY_SURGERY, "1200.00", hours=hours), Circumstances(), Usage())
    assert (caught.value.benefit, caught.value.citation.article) == (Benefit.INPATIENT, "第十五条")


def test_other_benefits_may_take_longer() -> None:
    assert paid(baoshan(), visit(RESCUE, "1400.00", hours=72), Circumstances()).pooled == Decimal("900.00")


# --- Negotiated drugs (Baoshan 14) ---


def drugs(*lines: tuple[str, str], category: CatalogCategory = CatalogCategory.A, **more: Any) -> Visit:
    """A visit with one negotiated line per (drug, amount)."""
    return visit(
        NEGOTIATED,
        "1.00",
        lines=tuple(
            Line(ItemKind.DRUG, category, Decimal(amount), negotiated=True, drug=drug) for drug, amount in lines
        ),
        **more,
    )


def test_two_drugs_in_one_claim_bear_two_deductibles() -> None:
    """1000 and 2000: 100 and 200 first, then 800 each, then 90 % at a secondary institution."""
    found = paid(baoshan(), drugs(("X", "1000.00"), ("Y", "2000.00")), Circumstances())
    assert (found.upfront_share, found.covered) == (Decimal("300.00"), Decimal("2700.00"))
    assert (found.deductible, found.pooled) == (Decimal("1600.00"), Decimal("990.00"))


def test_what_one_drug_leaves_of_its_deductible_does_not_help_another() -> None:
    """90 of X lie below its 800; Y bears its own 800 all the same."""
    found = paid(baoshan(), drugs(("X", "100.00"), ("Y", "2000.00")), Circumstances())
    assert found.deductible == Decimal("890.00")


def test_a_drug_bears_its_deductible_once_a_year_whatever_the_number_of_claims_and_lines() -> None:
    so_far = Year(baoshan(), person())
    dues = []
    for bill in [
        (("X", "100.00"),),
        (("X", "1000.00"),),
        (("X", "1000.00"), ("Y", "500.00")),
        (("Y", "500.00"), ("Y", "500.00")),
    ]:
        found = so_far.settle(drugs(*bill))
        assert isinstance(found, Outcome)
        dues.append(found.deductible)
    # X: 90, then 710 of 900, then none. Y: 450, then 350 of 900.
    assert dues == [Decimal("90.00"), Decimal("710.00"), Decimal("450.00"), Decimal("350.00")]


@pytest.mark.parametrize("category", [CatalogCategory.A, CatalogCategory.B])
def test_a_tenth_is_borne_first_whatever_the_category(category: CatalogCategory) -> None:
    found = paid(baoshan(), drugs(("X", "1000.00"), category=category), Circumstances())
    assert found.upfront_share == Decimal("100.00")


def test_the_tenth_is_taken_within_the_price_limit_and_rounded_on_its_line() -> None:
    limited = Line(
        ItemKind.DRUG,
        CatalogCategory.B,
        Decimal("1000.00"),
        over_limit=Decimal("400.00"),
        upfront_rate=Decimal("0.30"),
        negotiated=True,
        drug="X",
    )
    found = paid(baoshan(), visit(NEGOTIATED, "1.00", lines=(limited,)), Circumstances())
    assert (found.over_limit, found.upfront_share, found.covered) == (
        Decimal("400.00"),
        Decimal("60.00"),
        Decimal("540.00"),
    )
    small = paid(baoshan(), drugs(("X", "0.05"), ("Y", "0.05")), Circumstances())
    assert small.upfront_share == Decimal("0.02")


@pytest.mark.parametrize("tier", [Tier.SECONDARY, *TERTIARY])
def test_the_deductible_is_the_tertiary_one_everywhere_and_the_rate_the_institutions(tier: Tier) -> None:
    found = paid(baoshan(), drugs(("X", "2000.00"), tier=tier), Circumstances())
    assert found.deductible == Decimal("800.00")
    assert found.pooled == 1000 * Decimal(INPATIENT[tier][1])


@pytest.mark.parametrize(
    ("tier", "prescriber"),
    [(Tier.PRIMARY, None), (Tier.PHARMACY, Tier.PRIMARY)],
    ids=["primary", "pharmacy for a primary prescriber"],
)
def test_below_secondary_a_negotiated_drug_is_not_paid(tier: Tier, prescriber: Tier | None) -> None:
    found = refused(baoshan(), drugs(("X", "2000.00"), tier=tier, prescribing_tier=prescriber))
    assert found.reason == RefusalReason.NOT_DESIGNATED
    assert found.citation is not None
    assert found.citation.article == "第十四条"


def test_a_designated_pharmacy_that_is_not_dual_channel_sells_none() -> None:
    at_pharmacy = drugs(("X", "2000.00"), tier=Tier.PHARMACY, prescribing_tier=Tier.TERTIARY_B)
    found = refused(baoshan(), at_pharmacy, Circumstances(dual_channel=False))
    assert found.reason == RefusalReason.NOT_DUAL_CHANNEL
    assert found.citation is not None
    assert (found.citation.article, found.citation.reading) == ("第二十九条", "0059")
    # Where it is not designated at all, that is the reason; and no hospital is asked for a second channel.
    neither = refused(baoshan(), at_pharmacy, Circumstances(designated=False, dual_channel=False))
    assert neither.reason == RefusalReason.NOT_DESIGNATED
    assert paid(baoshan(), drugs(("X", "2000.00")), Circumstances(dual_channel=False)).pooled > 0


def test_other_drugs_are_sold_by_any_designated_pharmacy() -> None:
    what = visit(Benefit.GENERAL_OUTPATIENT, "1000.00", Tier.PHARMACY, prescribing_tier=Tier.SECONDARY)
    assert paid(baoshan(), what, Circumstances(dual_channel=False)).pooled > 0


def test_a_version_without_the_clause_decides_nothing_of_it() -> None:
    policy = baoshan()
    effects = dict(policy.effects)
    del effects[RefusalReason.NOT_DUAL_CHANNEL]
    what = drugs(("X", "2000.00"), tier=Tier.PHARMACY, prescribing_tier=Tier.TERTIARY_B)
    with pytest.raises(MissingLaw, match="not_dual_channel"):
        refused(replace(policy, effects=effects, _terms={}), what, Circumstances(dual_channel=False))


def test_a_pharmacy_fills_the_prescription_of_a_tertiary_institution_on_its_terms() -> None:
    found = paid(
        baoshan(), drugs(("X", "2000.00"), tier=Tier.PHARMACY, prescribing_tier=Tier.TERTIARY_B), Circumstances()
    )
    assert found.pooled == Decimal("860.00")


# --- Zaozhuang 18 ---


def test_a_rescue_that_the_patient_survived_is_general_outpatient() -> None:
    with pytest.raises(OtherBenefit) as caught:
        adjudicate(configured(law("zaozhuang")), person(), visit(RESCUE, "1000.00"), Circumstances(), Usage())
    assert (caught.value.benefit, caught.value.citation.article) == (GENERAL, "第十八条")


def test_death_in_the_rescue_is_one_inpatient_stay() -> None:
    died = Circumstances(died=True)
    assert refused(law("zaozhuang"), visit(RESCUE, "1000.00"), died).reason == RefusalReason.TERMS_UNSET
    found = paid(configured(law("zaozhuang")), visit(RESCUE, "1400.00"), died)
    assert (found.deductible, found.pooled) == (Decimal("400.00"), Decimal("900.00"))
    assert {change.scope for change in found.usage if change.paid} == {"inpatient"}
