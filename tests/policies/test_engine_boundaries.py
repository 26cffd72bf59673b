"""Below, on and above each boundary that no worked case reaches."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agency.models import PoolingRegion
from policies.engine.adjudication import adjudicate
from policies.engine.citation import Citation
from policies.engine.deductibles import deductible_key
from policies.engine.errors import MissingFact, MissingLaw, PolicyNotInForce
from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit, age_on
from policies.engine.figures import CeilingTerm, Figure
from policies.engine.outcome import Outcome, Refusal, StepCode
from policies.engine.policy import Policy
from policies.engine.refusals import effective_tier
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CatalogCategory,
    CeilingBasis,
    CeilingPeriod,
    CeilingScope,
    DeductibleAccumulates,
    InsuredStatus,
    ItemKind,
    OutOfAreaKind,
    PharmacyTerms,
    RefusalReason,
    Tier,
)
from policies.selectors.versions import policy_in_force

pytestmark = pytest.mark.django_db

CITED = Citation("文号", "第一条", "words", "")
GENERAL = Benefit.GENERAL_OUTPATIENT


def law(slug: str, day: date = date(2023, 6, 30)) -> Policy:
    return policy_in_force(PoolingRegion.objects.get(slug=slug), day)


def person(status: InsuredStatus = InsuredStatus.ACTIVE, born: date = date(1980, 5, 1)) -> Person:
    return Person(born, status, AccountScheme.COMBINED, ContributionState.ON_TIME)


def visit(amount: str, tier: Tier = Tier.PRIMARY, **more: object) -> Visit:
    line = Line(ItemKind.DRUG, CatalogCategory.A, Decimal(amount))
    return Visit(date(2023, 6, 30), "a", tier, GENERAL, (line,))._replace(**more)  # type: ignore[arg-type]


def outcome(policy: Policy, who: Person, what: Visit, usage: Usage | None = None) -> Outcome:
    found = adjudicate(policy, who, what, Circumstances(), usage or Usage())
    assert isinstance(found, Outcome)
    return found


def with_rules(policy: Policy, **changes: object) -> Policy:
    rules = policy.benefits[GENERAL]._replace(**changes)  # type: ignore[arg-type]
    return replace(policy, benefits={**policy.benefits, GENERAL: rules}, _terms={})


@pytest.mark.parametrize(("total", "pooled"), [("199.99", "0.00"), ("200.00", "0.00"), ("200.01", "0.01")])
def test_the_first_fen_above_the_deductible_is_paid(total: str, pooled: str) -> None:
    assert outcome(law("pingliang"), person(), visit(total)).pooled == Decimal(pooled)


def test_a_full_year_is_reached_on_the_birthday_itself() -> None:
    assert age_on(date(1953, 6, 15), date(2023, 6, 14)) == 69
    assert age_on(date(1953, 6, 15), date(2023, 6, 15)) == 70
    assert age_on(date(1952, 2, 29), date(2022, 2, 28)) == 69
    assert age_on(date(1952, 2, 29), date(2022, 3, 1)) == 70


@pytest.mark.parametrize(
    ("above", "first", "second"),
    [("200.00", "100.00", "0.00"), ("200.02", "100.00", "0.02"), ("400.00", "100.00", "170.00")],
)
def test_beyond_the_ceiling_the_rest_of_the_expense_has_inpatient_terms(above: str, first: str, second: str) -> None:
    """Baoshan 9: 100 left at 50 % stand for 200 of expense; the rest is paid at 85 %."""
    policy = law("baoshan")
    rates = {
        key: Figure(Decimal("0.85"), CITED) if key[0] == Benefit.INPATIENT else figure
        for key, figure in policy.rates.items()
    }
    ceilings = {
        key: (CeilingTerm(CeilingScope.INPATIENT, CeilingPeriod.YEAR, Decimal("60000.00"), CITED),)
        if key[0] == CeilingScope.INPATIENT
        else terms
        for key, terms in policy.ceilings.items()
    }
    policy = replace(policy, rates=rates, ceilings=ceilings, _terms={})
    bill = str(Decimal(above) + 90)
    found = outcome(
        policy, person(), visit(bill, Tier.TERTIARY_A), Usage(paid_year={"general_outpatient": Decimal("4900.00")})
    )
    assert (found.pooled, found.pooled_inpatient) == (Decimal(first), Decimal(second))


def test_the_inpatient_ceiling_also_holds_for_the_second_line() -> None:
    policy = law("baoshan")
    rates = {
        key: Figure(Decimal("0.85"), CITED) if key[0] == Benefit.INPATIENT else figure
        for key, figure in policy.rates.items()
    }
    ceilings = {
        key: (CeilingTerm(CeilingScope.INPATIENT, CeilingPeriod.YEAR, Decimal("50.00"), CITED),)
        if key[0] == CeilingScope.INPATIENT
        else terms
        for key, terms in policy.ceilings.items()
    }
    policy = replace(policy, rates=rates, ceilings=ceilings, _terms={})
    used = {"general_outpatient": Decimal("5000.00"), "inpatient": Decimal("20.00")}
    found = outcome(policy, person(), visit("1090.00", Tier.TERTIARY_A), Usage(paid_year=used))
    assert (found.pooled, found.pooled_inpatient) == (Decimal("0.00"), Decimal("30.00"))


def test_a_ceiling_on_expense_stops_the_expense_not_the_payment() -> None:
    """With 1000 of expense allowed and 700 counted before, 300 of this visit are paid at 60 %."""
    policy = with_rules(law("dazhou"), ceiling_basis=CeilingBasis.EXPENSE)
    usage = Usage(Decimal("200.00"), counted_year={"general_outpatient": Decimal("700.00")})
    found = outcome(policy, person(), visit("500.00"), usage)
    assert found.pooled == Decimal("180.00")
    assert found.usage[0].counted == Decimal("300.00")


def test_where_all_covered_spending_counts_the_deductible_is_met_by_it() -> None:
    policy = with_rules(law("zaozhuang"), deductible_accumulates=DeductibleAccumulates.ALL_COVERED)
    found = outcome(policy, person(), visit("500.00", Tier.SECONDARY), Usage(Decimal("200.00"), Decimal("350.00")))
    assert found.deductible == Decimal("50.00")


def test_an_unset_ceiling_beside_a_set_one_is_counted_and_not_enforced() -> None:
    """Dazhou 13: payments count toward the annual maximum, whose figure is not in the text."""
    found = outcome(law("dazhou"), person(), visit("300.00"))
    assert {change.scope: change.paid for change in found.usage} == {
        "general_outpatient": Decimal("60.00"),
        "annual_maximum": Decimal("60.00"),
    }


def test_a_benefit_whose_every_ceiling_is_unset_is_refused() -> None:
    policy = law("pingliang")
    unset = {key: tuple(term._replace(amount=None) for term in terms) for key, terms in policy.ceilings.items()}
    found = adjudicate(replace(policy, ceilings=unset, _terms={}), person(), visit("300.00"), Circumstances(), Usage())
    assert isinstance(found, Refusal)
    assert found.reason == RefusalReason.TERMS_UNSET


def test_a_category_b_line_without_the_catalogues_share_is_refused_where_the_region_has_none() -> None:
    line = Line(ItemKind.DRUG, CatalogCategory.B, Decimal("100.00"))
    for slug, expected in [("dazhou", Refusal), ("pingliang", Outcome)]:
        found = adjudicate(law(slug), person(), visit("1.00", lines=(line,)), Circumstances(), Usage())
        assert isinstance(found, expected)


def test_each_upfront_share_is_rounded_on_its_line() -> None:
    line = Line(ItemKind.DRUG, CatalogCategory.B, Decimal("0.05"))
    found = outcome(law("pingliang"), person(), visit("1.00", lines=(line,) * 3))
    assert found.upfront_share == Decimal("0.03")


def test_the_part_above_the_price_limit_bears_no_upfront_share() -> None:
    line = Line(ItemKind.DRUG, CatalogCategory.B, Decimal("100.00"), over_limit=Decimal("40.00"))
    found = outcome(law("pingliang"), person(), visit("1.00", lines=(line,)))
    assert (found.over_limit, found.upfront_share, found.covered) == (
        Decimal("40.00"),
        Decimal("6.00"),
        Decimal("54.00"),
    )


def test_a_pharmacy_has_the_terms_its_region_names() -> None:
    at_pharmacy = visit("1.00", Tier.PHARMACY, prescribing_tier=Tier.TERTIARY_A)
    assert effective_tier(law("pingliang"), at_pharmacy) == Tier.TERTIARY_A
    assert effective_tier(law("zaozhuang"), at_pharmacy) == Tier.PRIMARY
    assert effective_tier(law("dazhou"), at_pharmacy) == Tier.PHARMACY
    with pytest.raises(MissingFact, match="prescribing_tier"):
        effective_tier(law("baoshan"), visit("1.00", Tier.PHARMACY))


def test_deductibles_are_shared_by_the_year_the_day_or_nobody() -> None:
    assert deductible_key(law("pingliang").benefits[GENERAL], visit("1.00")) == ""
    assert deductible_key(law("kaifeng").benefits[GENERAL], visit("1.00")) == "2023-06-30 a"
    assert deductible_key(law("baoshan").benefits[GENERAL], visit("1.00")) is None


@pytest.mark.parametrize(
    ("slug", "kind", "registered", "share"),
    [
        ("zaozhuang", OutOfAreaKind.LONG_TERM_RESIDENT, True, "0.00"),
        ("zaozhuang", OutOfAreaKind.LONG_TERM_RESIDENT, False, "100.00"),
        ("zaozhuang", OutOfAreaKind.RELOCATED_RETIREE, True, "0.00"),
        ("zaozhuang", OutOfAreaKind.RELOCATED_RETIREE, False, "100.00"),
        ("zaozhuang", OutOfAreaKind.POSTED_WORKER, True, "0.00"),
        ("zaozhuang", OutOfAreaKind.REFERRAL, True, "100.00"),
        ("zaozhuang", OutOfAreaKind.TEMPORARY, False, "100.00"),
        ("zaozhuang", OutOfAreaKind.TEMPORARY, True, "100.00"),
        ("dazhou", OutOfAreaKind.TEMPORARY, False, "0.00"),
    ],
)
def test_whoever_is_not_registered_counts_as_temporarily_away(
    slug: str, kind: OutOfAreaKind, registered: bool, share: str
) -> None:
    found = adjudicate(
        law(slug),
        person(),
        visit("1000.00", out_of_area=kind),
        Circumstances(out_of_area_registered=registered),
        Usage(),
    )
    assert isinstance(found, Outcome)
    assert found.out_of_area_share == Decimal(share)


# The facts of a claim against which every reason to refuse holds at once, in Kaifeng's and Baoshan's rules together.
REASONS = [
    RefusalReason.NOT_ENTITLED,
    RefusalReason.ARREARS,
    RefusalReason.HOSPITAL_STAY,
    RefusalReason.NOT_DESIGNATED,
    RefusalReason.OUT_OF_AREA_UNREGISTERED,
    RefusalReason.LATE_FILING,
    RefusalReason.DUPLICATE_INVOICE,
    RefusalReason.TERMS_UNSET,
]


@pytest.mark.parametrize("cured", range(len(REASONS)))
def test_of_several_reasons_the_first_in_order_is_given(cured: int) -> None:
    kaifeng, baoshan = law("kaifeng"), law("baoshan")
    policy = replace(kaifeng, deadline=baoshan.deadline, _terms={})
    who = Person(date(1980, 5, 1), InsuredStatus.ACTIVE, AccountScheme.COMBINED, ContributionState.MISSING)
    if cured == 0:
        who = who._replace(status=None)
    if cured >= 2:
        who = who._replace(contribution=ContributionState.ON_TIME)
    circumstances = Circumstances(
        in_hospital=cured < 3,
        designated=cured >= 4,
        out_of_area_registered=cured >= 5,
        late_filing_accepted=cured >= 6,
        duplicate_invoice=cured < 7,
    )
    what = visit(
        "1.00",
        lines=(Line(ItemKind.DRUG, CatalogCategory.B, Decimal("100.00")),),
        out_of_area=OutOfAreaKind.POSTED_WORKER,
        filed_on=date(2024, 4, 1),
    )
    found = adjudicate(policy, who, what, circumstances, Usage())
    assert isinstance(found, Refusal)
    assert found.reason == REASONS[cured]


def test_a_late_claim_is_one_filed_after_31_march_of_the_next_year() -> None:
    policy = law("baoshan")
    circumstances = Circumstances(out_of_area_registered=True)
    for filed, late in [(date(2024, 3, 31), False), (date(2024, 4, 1), True)]:
        found = adjudicate(
            policy,
            person(),
            visit("300.00", out_of_area=OutOfAreaKind.REFERRAL, filed_on=filed),
            circumstances,
            Usage(),
        )
        assert isinstance(found, Refusal) == late


def test_a_circumstance_that_is_not_refused_is_a_warning() -> None:
    found = adjudicate(law("pingliang"), person(), visit("300.00"), Circumstances(in_hospital=True), Usage())
    assert isinstance(found, Outcome)
    assert found.warnings == (RefusalReason.HOSPITAL_STAY,)


def test_steps_cite_the_article_they_rest_on() -> None:
    found = outcome(law("pingliang"), person(), visit("300.00"))
    cited = {step.code: step.citation.article for step in found.steps if step.citation}
    assert cited[StepCode.DEDUCTIBLE] == "第七条"
    assert cited[StepCode.REIMBURSEMENT] == "第七条"


def test_no_law_on_a_day_and_no_row_for_a_combination_are_errors() -> None:
    with pytest.raises(PolicyNotInForce):
        law("pingliang", date(2022, 12, 31))
    with pytest.raises(MissingLaw):
        law("pingliang").terms(Benefit.DAY_SURGERY, Tier.PRIMARY, InsuredStatus.ACTIVE, AccountScheme.COMBINED)


def test_a_pharmacy_without_own_terms_has_no_row_of_its_own() -> None:
    policy = replace(law("pingliang"), pharmacy_terms=PharmacyTerms.OWN, _terms={})
    with pytest.raises(MissingLaw):
        adjudicate(policy, person(), visit("1.00", Tier.PHARMACY), Circumstances(), Usage())
