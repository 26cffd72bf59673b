"""What a pack, the database, the engine and the screens make of rows that are told apart by age, employment or band."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from claims.models import Settlement
from claims.selectors.explanations import explain
from claims.services.settlement import settle_claim
from policies.engine.adjudication import adjudicate
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit
from policies.engine.figures import Figure
from policies.engine.outcome import Outcome, Refusal
from policies.engine.policy import Policy
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CatalogCategory,
    Employment,
    InsuredStatus,
    ItemKind,
    RefusalReason,
    Tier,
)
from policies.models import Ceiling, CreditRule, FigureKind, PolicyVersion, ReimbursementRate, RuleRow
from policies.pack import PackError, read_pack
from policies.selectors.versions import policy_in_force
from policies.services.packs import load_pack
from tests import builder
from tests.builder.claims import a_claim
from tests.builder.law import proposed
from tests.builder.office import Office
from tests.builder.screens import button, visitor
from tests.policies.drafts import draft_of

pytestmark = pytest.mark.django_db

PACK = Path(__file__).resolve().parent / "tongwan.toml"
DAY = date(2024, 5, 1)
GENERAL = Benefit.GENERAL_OUTPATIENT
SENIOR_BAND = 'status = "retired", age_from = 70, spent_from = 20000.00, rate = 0.70'

# What is wrong: what to replace in the pack, with what, and how the problem begins.
WRONG = {
    "a band twice": (
        SENIOR_BAND,
        SENIOR_BAND.replace("age_from = 70, ", ""),
        "version 2024-01: rate.general_outpatient.primary.retired.above 20000.00: 2 rows",
    ),
    "a band without the one below": (
        'tiers = ["secondary"], status = "active", employment = "flexible", rate',
        'tiers = ["secondary"], status = "active", employment = "flexible", spent_from = 9.00, rate',
        "version 2024-01: rate.general_outpatient.secondary.active.flexible: no row",
    ),
    "an employment without a row": (
        'status = "all", employment = "flexible", amount = 80.00',
        'status = "all", employment = "employee", age_from = 60, amount = 80.00',
        "version 2024-01: deductible.general_outpatient.primary.active.flexible: no row",
    ),
    "an age beyond all": (
        "age_from = 70, amount = 20.00",
        "age_from = 121, amount = 20.00",
        "rules.0.deductible.2.age_from: Input should be less than or equal to 120",
    ),
    "a band that begins below nothing": (
        SENIOR_BAND,
        SENIOR_BAND.replace("20000.00", "-1.00"),
        "rules.0.rate.14.spent_from: an amount is yuan",
    ),
    "an open band": (
        SENIOR_BAND,
        SENIOR_BAND.replace("20000.00", '"unset"'),
        "rules.0.rate.14.spent_from: write a decimal number",
    ),
    "a tier without a ceiling": (
        'tiers = ["secondary"], amount = 600.00',
        'tiers = ["pharmacy"], amount = 600.00',
        "version 2024-01: ceiling.hypertension_diabetes.year.active.combined.secondary.0: no row",
    ),
    "a ceiling of its own tier that names none": (
        'diseases_from = 0, amount = "unlimited"',
        'diseases_from = 0, counts = "own_tier", amount = "unlimited"',
        "version 2024-01: ceiling.general_outpatient.year.active.combined: a ceiling that counts one tier names it",
    ),
    "full months of no amount": (
        "full_months = 360",
        "full_months = 0",
        "version 2024-01: credit.personal.proportional_amount: full_months belong to proportional_amount",
    ),
    "a proportion of nothing": (
        'method = "proportional_amount"\nfund = "pooled_fund"\nrate = "none"\namount = 70.00',
        'method = "proportional_amount"\nfund = "pooled_fund"\nrate = "none"\namount = "none"',
        "version 2024-01: credit.personal.proportional_amount: an amount belongs to",
    ),
    "in advance, once the contribution is there": (
        "amount = 70.00\npension_year = 0\nstand_in_year = 0\nneeds_contribution = false\nschedule",
        "amount = 70.00\npension_year = 0\nstand_in_year = 0\nneeds_contribution = true\nschedule",
        "version 2024-01: credit.personal.fixed_amount: what is credited in advance waits for no contribution",
    ),
    "unlimited where a figure must be": (
        'employment = "employee", amount = 50.00',
        'employment = "employee", amount = "unlimited"',
        "rules.0.deductible.0.amount: write a decimal number",
    ),
}


@pytest.fixture
def tongwan() -> PoolingRegion:
    load_pack(PACK)
    return PoolingRegion.objects.get(slug="tongwan")


@pytest.fixture
def law(tongwan: PoolingRegion) -> Policy:
    return policy_in_force(tongwan, DAY)


def visit(amount: str, tier: Tier = Tier.SECONDARY) -> Visit:
    return Visit(DAY, "a", tier, GENERAL, (Line(ItemKind.DRUG, CatalogCategory.A, Decimal(amount)),))


def person(employment: Employment | None = Employment.EMPLOYEE) -> Person:
    born = date(1980, 5, 1)
    return Person(born, InsuredStatus.ACTIVE, AccountScheme.COMBINED, ContributionState.ON_TIME, employment)


@pytest.mark.parametrize(("old", "new", "problem"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_names_the_combination(tmp_path: Path, old: str, new: str, problem: str) -> None:
    right = PACK.read_text(encoding="utf-8")
    assert old in right
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(right.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(wrong)
    assert [found for found in caught.value.problems if str(found).startswith(problem)], caught.value.problems


@pytest.mark.parametrize(
    ("model", "change", "sentence"),
    [
        (ReimbursementRate, {"age_from": 121}, "age_is_possible"),
        (ReimbursementRate, {"spent_from": Decimal("-0.01")}, "spent_from_is_not_negative"),
        (Ceiling, {"is_open": True, "amount": Decimal("1.00")}, "an_open_ceiling_has_no_amount"),
        (CreditRule, {"full_months": 360}, "full_months_belong_to_the_proportional_amount"),
        (
            CreditRule,
            {"schedule": "year_in_advance", "needs_contribution": True},
            "what_is_credited_in_advance_waits_for_no_contribution",
        ),
        (Ceiling, {"tier": "all", "counts": "own_tier"}, "a_ceiling_that_counts_one_tier_names_it"),
    ],
)
def test_the_database_refuses_a_row_that_says_nothing(
    tongwan: PoolingRegion, model: type[RuleRow], change: dict[str, object], sentence: str
) -> None:
    draft = draft_of("tongwan", builder.staff("officer"))
    row = model._default_manager.filter(version=draft).first()
    assert row is not None
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(**change)


def test_a_local_figure_fills_no_row_that_is_told_apart(tmp_path: Path, maker: User) -> None:
    """A rate from seventy that the document leaves open stays so: the figure would not say for whom it is."""
    open_pack = tmp_path / "tongwan.toml"
    right = PACK.read_text(encoding="utf-8")
    open_pack.write_text(right.replace("age_from = 70, rate = 0.85", 'age_from = 70, rate = "unset"'), encoding="utf-8")
    load_pack(open_pack)
    with override("en"), pytest.raises(DomainError, match="The regulation gives this figure"):
        proposed(maker, "tongwan", kind=FigureKind.RATE, benefit=GENERAL, value=Decimal("0.80"))


def test_a_region_that_asks_for_the_employment_must_be_told(law: Policy) -> None:
    with pytest.raises(MissingFact, match="employment"):
        adjudicate(law, person(None), visit("100.00"), Circumstances(), Usage())


def test_a_region_that_tells_nobody_apart_is_not_asked(law: Policy) -> None:
    """The five regions' laws are found for everybody alike, whatever the age and employment."""
    zaozhuang = policy_in_force(builder.region("zaozhuang"), date(2024, 5, 1))
    assert (zaozhuang.ages, zaozhuang.by_employment, zaozhuang.rates_apart) == ((), False, {})
    assert (law.ages, law.by_employment) == ((70,), True)
    outcome = adjudicate(zaozhuang, person(None), visit("1000.00"), Circumstances(), Usage())
    assert isinstance(outcome, Outcome)


def test_an_open_band_refuses_only_what_reaches_it(law: Policy) -> None:
    opened = {
        key: tuple(
            each._replace(figure=Figure(None, each.figure.citation)) if each.spent_from else each for each in held
        )
        for key, held in law.rates_apart.items()
    }
    open_law = replace(law, rates_apart=opened, _terms={})
    below = adjudicate(open_law, person(), visit("20000.00"), Circumstances(), Usage())
    above = adjudicate(open_law, person(), visit("20000.01"), Circumstances(), Usage())
    assert isinstance(below, Outcome)
    assert below.pooled == Decimal("12967.50")  # (20000 − 50) × 65 %
    assert isinstance(above, Refusal)
    assert above.reason == RefusalReason.TERMS_UNSET
    assert above.citation is not None
    assert above.citation.article == "第五条"


def test_two_rates_for_one_age_are_no_law(law: Policy) -> None:
    key = (GENERAL, Tier.SECONDARY, InsuredStatus.ACTIVE)
    twice = replace(law, rates_apart={**law.rates_apart, key: law.rates_apart[key] * 2}, _terms={})
    with pytest.raises(MissingLaw):
        adjudicate(twice, person(), visit("100.00"), Circumstances(), Usage())


def test_every_band_is_a_step_in_both_languages(tongwan: PoolingRegion) -> None:
    member = builder.insured(tongwan, birth_date=date(1980, 5, 1))
    builder.contributions(member, date(2024, 5, 1), date(2024, 5, 1))
    claim = a_claim(member, "20300.00", tier=Tier.SECONDARY, served_on=DAY)
    settlement = settle_claim(claim, today=DAY, actor=builder.staff("maker"))
    assert isinstance(settlement, Settlement)
    assert settlement.pooled == Decimal("13147.50")  # (20000 − 50) × 65 % + 300 × 60 % = 12967.50 + 180
    shown = {}
    for language in ("en", "zh-hans"):
        with override(language):
            shown[language] = [
                (step.label, step.amount_in, step.parameter, step.amount_out) for step in explain(settlement)[3:5]
            ]
    assert shown["en"] == [
        ("Reimbursement above the deductible", Decimal("19950.00"), "65 %", Decimal("12967.50")),
        (
            "Reimbursement above the deductible (above 20,000.00 yuan of the year's covered spending)",
            *(Decimal("300.00"), "60 %", Decimal("180.00")),
        ),
    ]
    assert "当年政策范围内费用累计超过 20,000.00 元的部分" in shown["zh-hans"][1][0]


def test_the_page_shows_a_table_for_each_employment_age_and_band(tongwan: PoolingRegion, office: Office) -> None:
    version = PolicyVersion.objects.get(region=tongwan)
    root = visitor(office.staff["root"])
    with override("en"):
        text = root.get(button("change", version)).content.decode()
    for caption in (
        "Deductibles · general outpatient · flexible worker",
        "Reimbursement rates · general outpatient · from 70 years",
        "from 70 years · above 20,000.00 yuan of the year&#x27;s covered spending",
        "no ceiling",
        "from 70 years · tertiary grade B · counted at this tier alone",
    ):
        assert caption in text


def test_points_that_are_open_are_asked_for_where_they_would_be_added(law: Policy) -> None:
    key = (GENERAL, Tier.SECONDARY)
    (doctor, chinese) = law.additions[key]
    opened = (doctor._replace(points=Figure(None, doctor.points.citation)), chinese)
    open_law = replace(law, additions={**law.additions, key: opened}, _terms={})
    without = adjudicate(open_law, person(), visit("100.00"), Circumstances(), Usage())
    signed = adjudicate(open_law, person(), visit("100.00"), Circumstances(family_doctor=True), Usage())
    assert isinstance(without, Outcome)
    assert isinstance(signed, Refusal)
    assert signed.reason == RefusalReason.TERMS_UNSET
    assert signed.citation is not None
    assert signed.citation.article == "第八条"


def test_the_rates_never_pay_more_than_the_expense(law: Policy) -> None:
    key = (GENERAL, Tier.SECONDARY)
    much = tuple(each._replace(points=Figure(Decimal("0.50"), each.points.citation)) for each in law.additions[key])
    generous = replace(law, additions={**law.additions, key: much}, _terms={})
    outcome = adjudicate(generous, person(), visit("100.00"), Circumstances(family_doctor=True), Usage())
    assert isinstance(outcome, Outcome)
    assert (outcome.deductible, outcome.pooled) == (Decimal("50.00"), Decimal("50.00"))


def test_every_addition_is_a_step_with_its_article(law: Policy) -> None:
    line = Line(ItemKind.DRUG, CatalogCategory.A, Decimal("50.00"), chinese_medicine=True)
    mixed = visit("150.00")._replace(lines=(*visit("150.00").lines, line))
    outcome = adjudicate(law, person(), mixed, Circumstances(family_doctor=True), Usage(Decimal("50.00")))
    assert isinstance(outcome, Outcome)
    added = [
        (step.note, step.amount_in, step.parameter, step.amount_out, step.citation and step.citation.article)
        for step in outcome.steps
        if step.code == "rate_addition"
    ]
    assert added == [
        ("family_doctor", Decimal("200.00"), Decimal("0.02"), Decimal("4.00"), "第八条"),
        ("chinese_medicine", Decimal("50.00"), Decimal("0.10"), Decimal("5.00"), "第九条"),
    ]
    assert outcome.pooled == Decimal("139.00")  # 200 × 65 % + 4 + 5
