"""What holds for every bill, person and order of visits, in every region and benefit."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.models import PoolingRegion
from policies.engine.adjudication import adjudicate
from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit, tier_key
from policies.engine.outcome import Outcome
from policies.engine.policy import Policy
from policies.engine.vocabulary import (
    ALL,
    AccountScheme,
    Benefit,
    CatalogCategory,
    CeilingBasis,
    CeilingPeriod,
    CeilingScope,
    Employment,
    InsuredStatus,
    ItemKind,
    OutOfAreaKind,
    Tier,
)
from policies.selectors.versions import policy_in_force
from policies.services.packs import load_pack
from tests.policies.accumulators import Year
from tests.policies.configured import INPATIENT, configured

REGIONS = ["pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"]
INVENTED = [
    Path(__file__).resolve().parent.parent / name for name in ("sixth_region/liuxi.toml", "seventh_region/tongwan.toml")
]
# Each region as its regulation leaves it, with general outpatient visits; then with every benefit, its open figures
# set; then a region whose ceilings limit the expense, and one with bands, ages, employments and months.
WHOLE = [f"{slug} whole" for slug in REGIONS]
LAWS = [*REGIONS, *WHOLE, "liuxi whole", "tongwan whole"]
LOCAL_TERMS = INPATIENT | {Tier.PHARMACY: ("300.00", "0.80")}
NEGOTIATED_TIERS = [Tier.SECONDARY, Tier.TERTIARY_C, Tier.TERTIARY_B, Tier.TERTIARY_A]
ZERO = Decimal(0)

yuan = st.integers(min_value=1, max_value=900_000).map(lambda fen: Decimal(fen) / 100)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    amount = draw(yuan)
    category = draw(st.sampled_from(CatalogCategory))
    part = draw(st.integers(0, 100))
    return Line(
        kind=draw(st.sampled_from(ItemKind)),
        category=category,
        amount=amount,
        over_limit=(amount * part / 100).quantize(Decimal("0.01")) if draw(st.booleans()) else ZERO,
        upfront_rate=Decimal(draw(st.integers(0, 100))) / 100,
        negotiated=draw(st.booleans()),
        prenatal=draw(st.booleans()),
        drug=draw(st.sampled_from(["", "X", "Y"])),
        chinese_medicine=draw(st.booleans()),
    )


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    return Visit(
        served_on=date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 364))),
        provider=draw(st.sampled_from(["a", "b"])),
        tier=draw(st.sampled_from(Tier)),
        benefit=draw(st.sampled_from(Benefit)),
        lines=tuple(draw(st.lists(lines(), min_size=1, max_size=4))),
        prescribing_tier=draw(st.sampled_from([tier for tier in Tier if tier != Tier.PHARMACY])),
        out_of_area=draw(st.sampled_from([None, *OutOfAreaKind])),
        disease=draw(st.sampled_from(["M03900", "M02101"])),
        hours=draw(st.sampled_from([None, 1, 48])),
    )


def fitting(slug: str, policy: Policy, visit: Visit) -> Visit:
    """The visit as one that may be claimed under these rules: its benefit, tier, lines and reason to be away."""
    opening = policy.openings.get(visit.out_of_area) if visit.out_of_area else None
    if opening is not None and not opening.opens:
        visit = visit._replace(out_of_area=OutOfAreaKind.RELOCATED_RETIREE)
    if slug not in LAWS[len(REGIONS) :] or visit.benefit not in policy.benefits or visit.benefit == Benefit.INPATIENT:
        return visit._replace(benefit=Benefit.GENERAL_OUTPATIENT)
    if visit.benefit != Benefit.NEGOTIATED_DRUG:
        return visit
    return visit._replace(
        tier=visit.tier if visit.tier != Tier.PRIMARY else Tier.SECONDARY,
        prescribing_tier=visit.prescribing_tier if visit.prescribing_tier in NEGOTIATED_TIERS else Tier.TERTIARY_B,
        lines=tuple(line._replace(negotiated=True, drug=line.drug or "Z") for line in visit.lines),
    )


def circumstances(visit: Visit, diseases: int) -> Circumstances:
    """Everything that the visit's benefit asks for."""
    return Circumstances(
        out_of_area_registered=True,
        registered_in=frozenset({visit.benefit}),
        diseases=diseases,
        died=True,
        family_doctor=True,
        family_doctor_there=visit.provider == "a",
    )


people = st.builds(
    Person,
    birth_date=st.dates(date(1930, 1, 1), date(2000, 12, 31)),
    status=st.sampled_from(InsuredStatus),
    scheme=st.sampled_from(AccountScheme),
    contribution=st.just(ContributionState.ON_TIME),
    employment=st.sampled_from(Employment),
)
numbers_of_diseases = st.integers(1, 3)


@pytest.fixture(scope="module")
def laws(django_db_setup: None, django_db_blocker: object) -> dict[str, Policy]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        found = {slug: policy_in_force(PoolingRegion.objects.get(slug=slug), date(2023, 6, 30)) for slug in REGIONS}
        with transaction.atomic():
            for path in INVENTED:
                slug = load_pack(path).region
                found[slug] = policy_in_force(PoolingRegion.objects.get(slug=slug), date(2024, 6, 30))
            transaction.set_rollback(True)
    return found | {f"{slug} whole": whole(policy) for slug, policy in found.items()}


def whole(policy: Policy) -> Policy:
    """The rules with every open figure set."""
    for benefit in policy.benefits:
        policy = configured(policy, benefit, LOCAL_TERMS, ceiling="6000.00")
    return policy


def assert_no_ceiling_is_passed(policy: Policy, person: Person, so_far: Year, diseases: int) -> None:
    assert person.status is not None
    assert person.scheme is not None
    expense = {
        scope
        for rules in policy.benefits.values()
        if rules.ceiling_basis == CeilingBasis.EXPENSE
        for scope in rules.scopes
    }
    for scope in CeilingScope:
        terms = policy.ceilings.get((scope, person.status, person.scheme), ())
        reached = max((term.diseases_from for term in terms if term.diseases_from <= diseases), default=0)
        # Of ceilings that differ by age or tier alone, the highest is never passed, whatever was visited when.
        limits: dict[tuple[str, frozenset[Tier]], Decimal] = {}
        for term in terms:
            if (
                term.amount is not None
                and term.diseases_from == reached
                and term.employment in (ALL, person.employment)
            ):
                kind = term.period, term.pot
                limits[kind] = max(term.amount, limits.get(kind, ZERO))
        for (period, pot), limit in limits.items():
            keys = {tier_key(tier) for tier in pot} or {""}
            used: dict[int, Decimal] = {}
            for (month, row_scope, key), row in so_far.rows.items():
                if row_scope == scope and key in keys:
                    slot = month if period == CeilingPeriod.MONTH else 0
                    used[slot] = used.get(slot, ZERO) + (row[3] if scope in expense else row[2])
            assert all(amount <= limit for amount in used.values())


@pytest.mark.parametrize("slug", LAWS)
@settings(max_examples=80, deadline=None)
@given(person=people, diseases=numbers_of_diseases, year=st.lists(visits(), min_size=1, max_size=12))
def test_parts_add_up_nothing_is_negative_and_no_ceiling_is_passed(
    laws: dict[str, Policy], slug: str, person: Person, diseases: int, year: list[Visit]
) -> None:
    policy = laws[slug]
    so_far = Year(policy, person)
    for each in year:
        visit = fitting(slug, policy, each)
        outcome = so_far.settle(visit, circumstances(visit, diseases))
        assert isinstance(outcome, Outcome)
        assert outcome.total == sum(line.amount for line in visit.lines)
        assert outcome.total == outcome.self_paid + outcome.over_limit + outcome.upfront_share + outcome.covered
        assert outcome.total == outcome.pooled + outcome.pooled_inpatient + outcome.patient_share
        assert outcome.out_of_area_share + outcome.deductible + outcome.pooled <= outcome.covered
        amounts = [value for value in outcome[:10] if isinstance(value, Decimal)]
        assert len(amounts) == 10
        assert all(value >= 0 and value == value.quantize(Decimal("0.01")) for value in amounts)
        assert outcome.steps[0].amount_out == outcome.total
        assert outcome.steps[-1].amount_out == outcome.patient_share
    assert_no_ceiling_is_passed(policy, person, so_far, diseases)


@pytest.mark.parametrize("slug", LAWS)
@settings(max_examples=100, deadline=None)
@given(
    person=people,
    diseases=numbers_of_diseases,
    before=st.lists(visits(), max_size=6),
    visit=visits(),
    more=yuan,
)
def test_one_more_yuan_never_pays_less(
    laws: dict[str, Policy],
    slug: str,
    person: Person,
    diseases: int,
    before: list[Visit],
    visit: Visit,
    more: Decimal,
) -> None:
    policy = laws[slug]
    so_far = Year(policy, person)
    for each in before:
        earlier = fitting(slug, policy, each)
        so_far.settle(earlier, circumstances(earlier, diseases))
    visit = fitting(slug, policy, visit)
    usage = so_far.usage(visit)
    grown = visit.lines[0]._replace(amount=visit.lines[0].amount + more)
    larger = visit._replace(lines=(grown, *visit.lines[1:]))
    small = adjudicate(policy, person, visit, circumstances(visit, diseases), usage)
    large = adjudicate(policy, person, larger, circumstances(visit, diseases), usage)
    assert isinstance(small, Outcome)
    assert isinstance(large, Outcome)
    assert large.pooled + large.pooled_inpatient >= small.pooled + small.pooled_inpatient


@pytest.mark.parametrize("slug", LAWS)
@settings(max_examples=40, deadline=None)
@given(person=people, diseases=numbers_of_diseases, visit=visits())
def test_the_same_input_gives_the_same_steps_and_amounts_do_not_depend_on_them(
    laws: dict[str, Policy], slug: str, person: Person, diseases: int, visit: Visit
) -> None:
    policy = laws[slug]
    visit = fitting(slug, policy, visit)
    here = circumstances(visit, diseases)
    first = adjudicate(policy, person, visit, here, Usage())
    again = adjudicate(policy, person, visit, here, Usage())
    bare = adjudicate(policy, person, visit, here, Usage(), explain=False)
    assert first == again
    assert isinstance(first, Outcome)
    assert isinstance(bare, Outcome)
    assert bare.steps == ()
    assert bare == first._replace(steps=())


def test_the_whole_laws_have_every_benefit_of_their_regions(laws: dict[str, Policy]) -> None:
    """What the properties are tried on: no figure is left open, and Baoshan brings all its benefits."""
    for slug in LAWS[len(REGIONS) :]:
        policy = laws[slug]
        assert all(figure.value is not None for figure in (*policy.rates.values(), *policy.deductibles.values()))
    assert set(laws["baoshan whole"].benefits) == set(Benefit) - {Benefit.HYPERTENSION_DIABETES}
