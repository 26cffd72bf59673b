"""Local figures fill what a regulation leaves open, in their days, and nothing else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from agency.models import User
from policies.engine.vocabulary import AccountScheme, Benefit, CeilingScope, Tier
from policies.models import FigureKind, FigureState, LocalFigure
from policies.selectors.versions import policy_in_force
from policies.services.figures import approve_local_figure, refuse_local_figure
from tests import builder
from tests.builder.law import ACTIVE, CHRONIC, DAY, FIRST, INPATIENT, LAST, RETIRED, approved, proposed, rate_on

pytestmark = pytest.mark.django_db


# --- What a figure fills ---


def test_a_figure_fills_what_is_unset_with_its_own_document(maker: User, checker: User) -> None:
    before = rate_on(DAY)
    assert (before.value, before.citation.instrument) == (None, "保政办规〔2022〕1号")
    approved(maker, checker)
    after = rate_on(DAY)
    assert after.value == Decimal("0.85")
    assert after.citation == ("保医保发〔2023〕7号", "第三条", "报销85%", "")


def test_a_figure_leaves_what_the_regulation_gives_as_it_is(maker: User, checker: User) -> None:
    """Dazhou sets no special-disease rate and all of its general outpatient ones."""
    baoshan, dazhou = (policy_in_force(builder.region(slug), DAY) for slug in ("baoshan", "dazhou"))
    approved(maker, checker)
    approved(maker, checker, kind=FigureKind.DEDUCTIBLE, value=Decimal("400.00"))
    approved(maker, checker, kind=FigureKind.CEILING, value=Decimal("60000.00"))
    after = policy_in_force(builder.region("baoshan"), DAY)
    for name in ("rates", "deductibles", "ceilings"):
        for key, figure in getattr(baoshan, name).items():
            if key[0] != "inpatient":
                assert getattr(after, name)[key] == figure
    assert after.deductibles[INPATIENT, Tier.PRIMARY, RETIRED].value == Decimal("400.00")
    (term,) = after.ceilings[CeilingScope.INPATIENT, ACTIVE, AccountScheme.COMBINED]
    assert term.amount == Decimal("60000.00")
    assert policy_in_force(builder.region("dazhou"), DAY) == dazhou


def test_a_ceiling_beside_others_is_filled_alone(maker: User, checker: User) -> None:
    """Dazhou 13: the annual maximum."""
    approved(maker, checker, "dazhou", kind=FigureKind.CEILING, benefit="annual_maximum", value=Decimal("100000.00"))
    after = policy_in_force(builder.region("dazhou"), DAY)
    assert after.ceilings[CeilingScope.ANNUAL_MAXIMUM, ACTIVE, AccountScheme.COMBINED][0].amount == Decimal("100000.00")
    assert after.ceilings[CeilingScope.GENERAL_OUTPATIENT, ACTIVE, AccountScheme.COMBINED][0].amount == 1000
    assert after.ceilings[CeilingScope.SPECIAL_DISEASE, ACTIVE, AccountScheme.COMBINED][0].amount is None


def test_the_more_exact_figure_goes_before_the_general_one(maker: User, checker: User) -> None:
    """Of one tier before of one status, of both before either."""
    figures: list[tuple[str, dict[str, str]]] = [
        ("0.80", {}),
        ("0.82", {"status": RETIRED}),
        ("0.90", {"tier": Tier.PRIMARY}),
        ("0.95", {"tier": Tier.PRIMARY, "status": RETIRED}),
    ]
    for value, narrow in figures:
        approved(maker, checker, value=Decimal(value), **narrow)
    found = {
        (tier, status): rate_on(DAY, tier, status).value
        for tier in (Tier.PRIMARY, Tier.SECONDARY)
        for status in (ACTIVE, RETIRED)
    }
    assert found == {
        (Tier.PRIMARY, ACTIVE): Decimal("0.90"),
        (Tier.PRIMARY, RETIRED): Decimal("0.95"),
        (Tier.SECONDARY, ACTIVE): Decimal("0.80"),
        (Tier.SECONDARY, RETIRED): Decimal("0.82"),
    }


@pytest.mark.parametrize(
    ("order", "values"),
    [(("tier", "status"), ("0.90", "0.82")), (("status", "tier"), ("0.82", "0.90"))],
    ids=["tier first", "status first"],
)
def test_of_two_equally_exact_figures_the_one_of_the_tier_holds_whichever_came_first(
    maker: User, checker: User, order: tuple[str, str], values: tuple[str, str]
) -> None:
    narrow = {"tier": Tier.PRIMARY, "status": RETIRED}
    for name, value in zip(order, values, strict=True):
        approved(maker, checker, value=Decimal(value), **{name: narrow[name]})
    assert rate_on(DAY, Tier.PRIMARY, RETIRED).value == Decimal("0.90")


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2023, 2, 28), False), (FIRST, True), (LAST, True), (date(2023, 10, 1), False)],
)
def test_a_figure_holds_from_its_first_to_its_last_day(maker: User, checker: User, day: date, holds: bool) -> None:
    approved(maker, checker)
    assert (rate_on(day).value is not None) == holds


def test_a_figure_without_a_last_day_holds_on_and_may_begin_before_the_law(maker: User, checker: User) -> None:
    approved(maker, checker, first_day=date(2000, 1, 1), last_day=None)
    assert rate_on(date(2023, 1, 1)).value == rate_on(date(2099, 1, 1)).value == Decimal("0.85")


def test_two_figures_follow_one_another(maker: User, checker: User) -> None:
    approved(maker, checker)
    approved(maker, checker, value=Decimal("0.90"), first_day=date(2023, 10, 1), last_day=None)
    assert [rate_on(day).value for day in (LAST, date(2023, 10, 1))] == [Decimal("0.85"), Decimal("0.90")]


def test_only_an_approved_figure_holds(maker: User, checker: User) -> None:
    figure = proposed(maker)
    assert rate_on(DAY).value is None
    refuse_local_figure(figure, actor=checker, reason="not in the document")
    assert rate_on(DAY).value is None


def test_another_region_has_nothing_of_it(maker: User, checker: User) -> None:
    terms = {"benefit": CHRONIC, "value": Decimal("0.70")}
    approved(maker, checker, "kaifeng", **terms)
    assert rate_on(DAY, slug="kaifeng", benefit=CHRONIC).value == Decimal("0.70")
    assert rate_on(DAY, slug="pingliang", benefit=CHRONIC).value is None


# --- What is no figure ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"benefit": Benefit.GENERAL_OUTPATIENT},
        {"benefit": Benefit.DAY_SURGERY},
        {"benefit": Benefit.HYPERTENSION_DIABETES},
        {"kind": FigureKind.CEILING, "benefit": CHRONIC, "value": Decimal("9.00")},
        {"kind": FigureKind.CEILING, "tier": Tier.PRIMARY, "value": Decimal("60000.00")},
        {"value": Decimal("1.0001")},
        {"value": Decimal("-0.01")},
        {"value": Decimal("0.85001")},
        {"kind": FigureKind.DEDUCTIBLE, "value": Decimal("400.001")},
        {"kind": FigureKind.DEDUCTIBLE, "value": Decimal("-1.00")},
        {"last_day": date(2023, 2, 28)},
        {"document_number": " "},
        {"article": ""},
        {"phrase": ""},
    ],
    ids=[
        "given by the regulation",
        "borrowed figures",
        "no such benefit",
        "a ceiling that is given",
        "a ceiling of one tier",
        "more than everything",
        "negative rate",
        "five decimals",
        "three decimals",
        "negative amount",
        "no period",
        "no document",
        "no article",
        "no words",
    ],
)
def test_what_is_no_figure_is_refused_and_nothing_is_stored(maker: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        proposed(maker, **wrong)
    assert not LocalFigure.objects.exists()


@pytest.mark.parametrize("value", ["0", "0.0001", "1"])
def test_a_rate_may_be_nothing_or_everything(maker: User, checker: User, value: str) -> None:
    approved(maker, checker, value=Decimal(value))
    assert rate_on(DAY).value == Decimal(value)


@pytest.mark.parametrize(
    ("first", "last"),
    [(FIRST, LAST), (LAST, None), (date(2000, 1, 1), FIRST), (date(2000, 1, 1), None)],
)
def test_two_figures_for_the_same_never_hold_on_one_day(
    maker: User, checker: User, first: date, last: date | None
) -> None:
    approved(maker, checker)
    second = proposed(maker, first_day=first, last_day=last)
    with pytest.raises(DomainError):
        approve_local_figure(second, actor=checker)
    second.refresh_from_db()
    assert second.state == FigureState.SUBMITTED
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalFigure.objects.filter(pk=second.pk).update(state=FigureState.APPROVED, decided_by=checker)
