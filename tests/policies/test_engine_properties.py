"""What holds for every bill, person and order of visits, in every region."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.models import PoolingRegion
from policies.engine.adjudication import adjudicate
from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit
from policies.engine.outcome import Outcome
from policies.engine.policy import Policy
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CatalogCategory,
    CeilingPeriod,
    InsuredStatus,
    ItemKind,
    OutOfAreaKind,
    Tier,
)
from policies.selectors.versions import policy_in_force
from tests.policies.accumulators import Year

REGIONS = ["pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"]
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
    )


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    return Visit(
        served_on=date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 364))),
        provider=draw(st.sampled_from(["a", "b"])),
        tier=draw(st.sampled_from(Tier)),
        benefit=Benefit.GENERAL_OUTPATIENT,
        lines=tuple(draw(st.lists(lines(), min_size=1, max_size=4))),
        prescribing_tier=draw(st.sampled_from([tier for tier in Tier if tier != Tier.PHARMACY])),
        out_of_area=draw(st.sampled_from([None, *OutOfAreaKind])),
    )


people = st.builds(
    Person,
    birth_date=st.dates(date(1930, 1, 1), date(2000, 12, 31)),
    status=st.sampled_from(InsuredStatus),
    scheme=st.sampled_from(AccountScheme),
    contribution=st.just(ContributionState.ON_TIME),
)
HERE = Circumstances(out_of_area_registered=True)


@pytest.fixture(scope="module")
def laws(django_db_setup: None, django_db_blocker: object) -> dict[str, Policy]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return {slug: policy_in_force(PoolingRegion.objects.get(slug=slug), date(2023, 6, 30)) for slug in REGIONS}


@pytest.mark.parametrize("slug", REGIONS)
@settings(max_examples=120, deadline=None)
@given(person=people, year=st.lists(visits(), min_size=1, max_size=12))
def test_parts_add_up_nothing_is_negative_and_no_ceiling_is_passed(
    laws: dict[str, Policy], slug: str, person: Person, year: list[Visit]
) -> None:
    policy = laws[slug]
    so_far = Year(policy, person)
    for visit in year:
        outcome = so_far.settle(visit, HERE)
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
    assert person.status is not None
    assert person.scheme is not None
    terms = policy.terms(Benefit.GENERAL_OUTPATIENT, Tier.PRIMARY, person.status, person.scheme)
    for ceiling in terms.ceilings:
        if ceiling.amount is None:
            continue
        paid: dict[int, Decimal] = {}
        for (month, scope, key), row in so_far.rows.items():
            if scope == ceiling.scope and not key:
                slot = month if ceiling.period == CeilingPeriod.MONTH else 0
                paid[slot] = paid.get(slot, ZERO) + row[2]
        assert all(amount <= ceiling.amount for amount in paid.values())


@pytest.mark.parametrize("slug", REGIONS)
@settings(max_examples=150, deadline=None)
@given(person=people, before=st.lists(visits(), max_size=6), visit=visits(), more=yuan)
def test_one_more_yuan_never_pays_less(
    laws: dict[str, Policy], slug: str, person: Person, before: list[Visit], visit: Visit, more: Decimal
) -> None:
    so_far = Year(laws[slug], person)
    for earlier in before:
        so_far.settle(earlier, HERE)
    usage = so_far.usage(visit)
    grown = visit.lines[0]._replace(amount=visit.lines[0].amount + more)
    larger = visit._replace(lines=(grown, *visit.lines[1:]))
    small = adjudicate(laws[slug], person, visit, HERE, usage)
    large = adjudicate(laws[slug], person, larger, HERE, usage)
    assert isinstance(small, Outcome)
    assert isinstance(large, Outcome)
    assert large.pooled + large.pooled_inpatient >= small.pooled + small.pooled_inpatient


@pytest.mark.parametrize("slug", REGIONS)
@settings(max_examples=60, deadline=None)
@given(person=people, visit=visits())
def test_the_same_input_gives_the_same_steps_and_amounts_do_not_depend_on_them(
    laws: dict[str, Policy], slug: str, person: Person, visit: Visit
) -> None:
    first = adjudicate(laws[slug], person, visit, HERE, Usage())
    again = adjudicate(laws[slug], person, visit, HERE, Usage())
    bare = adjudicate(laws[slug], person, visit, HERE, Usage(), explain=False)
    assert first == again
    assert isinstance(first, Outcome)
    assert isinstance(bare, Outcome)
    assert bare.steps == ()
    assert bare == first._replace(steps=())
