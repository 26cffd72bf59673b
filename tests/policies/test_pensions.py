"""Average pensions are recorded provisional, then final; the months that rest on them are credited again."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from policies.engine.credits import Pension
from policies.models import AveragePension, LawChange
from policies.selectors.pensions import pensions_of
from policies.services.pensions import record_average_pension
from tests.builder import REASON, region, staff

pytestmark = pytest.mark.django_db

LOW, HIGH = Decimal("3000.00"), Decimal("3120.50")


def record(slug: str, year: int, monthly: Decimal, *, is_final: bool, **options: Any) -> AveragePension:
    facts: dict[str, Any] = {"actor": None, "reason": REASON} | options
    return record_average_pension(region(slug), year=year, monthly=monthly, is_final=is_final, **facts)


def marks() -> list[tuple[str, date, date | None, str, bool]]:
    """What the next credit runs have to look at again."""
    rows = LawChange.objects.order_by("pk")
    return list(rows.values_list("region__slug", "first_month", "last_month", "cause", "pending"))


@pytest.mark.parametrize(
    ("slug", "year", "first_month"),
    [
        # Article names the year, or the year that stands in for it until it is final.
        ("dazhou", 2022, date(2023, 1, 1)),
        ("dazhou", 2021, date(2023, 1, 1)),
        ("dazhou", 2023, None),
        ("zaozhuang", 2021, date(2023, 1, 1)),
        ("zaozhuang", 2022, date(2023, 1, 1)),
        ("zaozhuang", 2023, date(2024, 1, 1)),
        ("zaozhuang", 2024, None),
        ("baoshan", 2022, date(2023, 1, 1)),
        ("baoshan", 2023, date(2023, 1, 1)),
        ("baoshan", 2021, None),
        ("pingliang", 2022, None),
        ("kaifeng", 2022, None),
    ],
)
def test_months_are_marked_from_the_first_that_rests_on_the_year(
    slug: str, year: int, first_month: date | None
) -> None:
    record(slug, year, LOW, is_final=False)
    assert marks() == ([(slug, first_month, None, "average_pension", True)] if first_month else [])


@pytest.mark.parametrize(
    ("first", "second", "marked"),
    [
        ((LOW, False), (LOW, False), 1),
        ((LOW, True), (LOW, True), 1),
        ((LOW, False), (HIGH, False), 2),
        ((LOW, False), (LOW, True), 2),
        ((LOW, False), (HIGH, True), 2),
        ((LOW, True), (HIGH, True), 2),
        ((HIGH, True), (LOW, True), 2),
    ],
)
def test_only_what_differs_is_recorded_and_marked(
    first: tuple[Decimal, bool], second: tuple[Decimal, bool], marked: int
) -> None:
    record("dazhou", 2022, first[0], is_final=first[1])
    record("dazhou", 2022, second[0], is_final=second[1])
    pension = AveragePension.objects.get()
    assert (pension.monthly, pension.is_final) == second
    assert pension.history.count() == len(marks()) == marked


def test_a_final_figure_never_becomes_provisional_again() -> None:
    record("dazhou", 2022, LOW, is_final=True)
    for monthly in (LOW, HIGH):
        with pytest.raises(DomainError):
            record("dazhou", 2022, monthly, is_final=False)
    assert AveragePension.objects.get().is_final
    assert len(marks()) == 1


@pytest.mark.parametrize("monthly", ["0.00", "-1.00", "3000.001"])
def test_an_amount_is_refused(monthly: str) -> None:
    with pytest.raises(DomainError):
        record("dazhou", 2022, Decimal(monthly), is_final=True)
    assert not AveragePension.objects.exists()
    assert marks() == []


def test_no_figure_is_recorded_without_a_reason() -> None:
    with pytest.raises(DomainError):
        record("dazhou", 2022, LOW, is_final=True, reason="")
    assert not AveragePension.objects.exists()


def test_the_figure_remembers_its_document_and_who_recorded_it() -> None:
    actor = staff("officer")
    pension = record("dazhou", 2022, LOW, is_final=True, source="达市人社〔2023〕1号", actor=actor)
    latest = pension.history.get()
    assert pension.source == "达市人社〔2023〕1号"
    assert (latest.history_user, latest.history_change_reason) == (actor, REASON)


def test_the_engine_gets_a_regions_own_figures_by_year() -> None:
    record("dazhou", 2021, LOW, is_final=True)
    record("dazhou", 2022, HIGH, is_final=False)
    record("baoshan", 2022, LOW, is_final=True)
    assert pensions_of(region("dazhou")) == {2021: Pension(LOW, True), 2022: Pension(HIGH, False)}
    assert pensions_of(region("kaifeng")) == {}


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"year": 2022, "monthly": HIGH}, "one_average_pension_per_region_and_year"),
        ({"year": 2023, "monthly": Decimal("0.00")}, "an_average_pension_is_positive"),
    ],
)
def test_the_database_refuses(values: dict[str, Any], constraint: str) -> None:
    record("dazhou", 2022, LOW, is_final=True)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AveragePension.objects.create(region=region("dazhou"), is_final=True, **values)
