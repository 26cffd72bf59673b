"""Average pensions are submitted beside the figures before; once approved, the months that rest on them are credited
again.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError
from agency.models import User
from policies.engine.credits import Pension
from policies.models import AveragePension, LawChange, PensionState
from policies.selectors.pensions import pensions_of
from policies.services.pensions import approve_average_pension, refuse_average_pension, submit_average_pension
from tests.builder import REASON, average_pension, region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LOW, HIGH = Decimal("3000.00"), Decimal("3120.50")
TODAY = date(2024, 4, 10)


def submitted(slug: str, year: int, monthly: Decimal, actor: User | None, **options: Any) -> AveragePension:
    facts: dict[str, Any] = {"is_final": True, "today": TODAY, "reason": REASON} | options
    return submit_average_pension(region(slug), year=year, monthly=monthly, actor=actor, **facts)


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
    maker: User, checker: User, slug: str, year: int, first_month: date | None
) -> None:
    pension = submitted(slug, year, LOW, maker, is_final=False)
    assert marks() == []
    approve_average_pension(pension, actor=checker)
    assert marks() == ([(slug, first_month, None, "average_pension", True)] if first_month else [])


def test_only_what_is_approved_is_law(maker: User, checker: User) -> None:
    average_pension(region("dazhou"), 2021, LOW)
    waiting = submitted("dazhou", 2022, HIGH, maker)
    assert pensions_of(region("dazhou")) == {2021: Pension(LOW, True)}
    refuse_average_pension(waiting, actor=checker, reason="not the gazette's figure")
    assert pensions_of(region("dazhou")) == {2021: Pension(LOW, True)}
    approve_average_pension(submitted("dazhou", 2022, HIGH, maker), actor=checker)
    assert pensions_of(region("dazhou")) == {2021: Pension(LOW, True), 2022: Pension(HIGH, True)}
    assert pensions_of(region("kaifeng")) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((LOW, False), (HIGH, False)),
        ((LOW, False), (LOW, True)),
        ((LOW, False), (HIGH, True)),
        ((LOW, True), (HIGH, True)),
        ((HIGH, True), (LOW, True)),
    ],
)
def test_a_corrected_figure_takes_the_place_of_the_one_before_which_stays(
    maker: User, checker: User, first: tuple[Decimal, bool], second: tuple[Decimal, bool]
) -> None:
    old = approve_average_pension(submitted("dazhou", 2022, first[0], maker, is_final=first[1]), actor=checker)
    new = submitted("dazhou", 2022, second[0], maker, is_final=second[1], reason="published anew")
    assert pensions_of(region("dazhou")) == {2022: Pension(*first)}
    approve_average_pension(new, actor=checker)
    old.refresh_from_db()
    assert (old.state, old.monthly, old.is_final) == (PensionState.SUPERSEDED, *first)
    assert old.history.latest().history_change_reason == new.reason == "published anew"
    assert pensions_of(region("dazhou")) == {2022: Pension(*second)}
    assert len(marks()) == 2


@pytest.mark.parametrize("is_final", [True, False])
def test_the_figure_that_holds_is_not_submitted_again(maker: User, checker: User, is_final: bool) -> None:
    approve_average_pension(submitted("dazhou", 2022, LOW, maker, is_final=is_final), actor=checker)
    with pytest.raises(DomainError, match="holds already"):
        submitted("dazhou", 2022, LOW, maker, is_final=is_final)


def test_a_final_figure_never_becomes_provisional_again(maker: User, checker: User) -> None:
    approve_average_pension(submitted("dazhou", 2022, LOW, maker), actor=checker)
    for monthly in (LOW, HIGH):
        with pytest.raises(DomainError, match="is final"):
            submitted("dazhou", 2022, monthly, maker, is_final=False)


def test_one_figure_of_a_year_waits_at_a_time(maker: User) -> None:
    submitted("dazhou", 2022, LOW, maker)
    with pytest.raises(DomainError, match="Another average pension of 2022 waits"):
        submitted("dazhou", 2022, HIGH, maker)
    submitted("baoshan", 2022, HIGH, maker)


@pytest.mark.parametrize(("year", "has_begun"), [(2023, True), (2024, True), (2025, False), (2031, False)])
def test_a_year_that_has_not_begun_has_no_average(maker: User, year: int, has_begun: bool) -> None:
    if has_begun:
        assert submitted("dazhou", year, LOW, maker).year == year
        return
    with pytest.raises(DomainError, match=f"{year} has not begun"):
        submitted("dazhou", year, LOW, maker)


@pytest.mark.parametrize("monthly", ["0.00", "-1.00", "3000.001"])
def test_an_amount_is_refused(maker: User, monthly: str) -> None:
    with pytest.raises(DomainError):
        submitted("dazhou", 2022, Decimal(monthly), maker)
    assert not AveragePension.objects.exists()


def test_no_figure_is_submitted_without_a_reason_or_by_nobody(maker: User) -> None:
    with pytest.raises(DomainError, match="reason"):
        submitted("dazhou", 2022, LOW, maker, reason=" ")
    with pytest.raises(DomainError, match="Somebody has to submit"):
        submitted("dazhou", 2022, LOW, None)
    assert not AveragePension.objects.exists()


def test_the_figure_remembers_its_document_who_recorded_it_and_why(maker: User) -> None:
    pension = submitted("dazhou", 2022, LOW, maker, source="达市人社〔2023〕1号")
    latest = pension.history.get()
    assert (pension.source, pension.reason) == ("达市人社〔2023〕1号", REASON)
    assert (latest.history_user, latest.history_change_reason) == (maker, REASON)


# --- Beside the figures before ---


@pytest.mark.parametrize(
    ("monthly", "says"),
    [
        # The figure of 2021 is 3000.00.
        ("2549.99", "0.85 times the 2021 figure. If it is right, say why."),
        ("2550.00", ""),
        ("3000.00", ""),
        ("3450.00", ""),
        ("3450.01", "1.15 times the 2021 figure. If it is right, say why."),
        ("9000.00", "3.0 times the 2021 figure. If it is right, say why."),
        ("36000.00", "12.0 times the 2021 figure: an annual sum entered as a monthly one?"),
        ("60000.00", "20.0 times the 2021 figure. If it is right, say why."),
    ],
)
def test_an_unusual_change_is_named_and_takes_two_peoples_yes_with_their_reasons(
    maker: User, checker: User, monthly: str, says: str
) -> None:
    average_pension(region("dazhou"), 2021, LOW)
    if not says:
        pension = submitted("dazhou", 2023, Decimal(monthly), maker, confirmed_reason="not asked for")
        assert (pension.earlier_year, pension.earlier_monthly, pension.monthly_before) == (2021, LOW, None)
        assert approve_average_pension(pension, actor=checker).confirmed_reason == ""
        return
    for empty in ("", "  "):
        with pytest.raises(DomainError) as refused:
            submitted("dazhou", 2023, Decimal(monthly), maker, confirmed_reason=empty)
        assert str(refused.value) == says
    pension = submitted("dazhou", 2023, Decimal(monthly), maker, confirmed_reason="so in the gazette")
    assert (pension.confirmed_reason, pension.earlier_monthly) == ("so in the gazette", LOW)
    with pytest.raises(DomainError, match="unusual"):
        approve_average_pension(pension, actor=checker, reason=" ")
    approve_average_pension(pension, actor=checker, reason="compared with the gazette")
    assert pensions_of(region("dazhou"))[2023].monthly == Decimal(monthly)


def test_a_figure_is_compared_with_the_one_that_its_year_has(maker: User, checker: User) -> None:
    approve_average_pension(submitted("dazhou", 2022, LOW, maker, is_final=False), actor=checker)
    with pytest.raises(DomainError, match=r"1\.20 times the 2022 figure"):
        submitted("dazhou", 2022, LOW * Decimal("1.2"), maker)
    assert submitted("dazhou", 2022, HIGH, maker).monthly_before == LOW


def test_the_first_figures_are_compared_among_themselves_while_they_wait(maker: User) -> None:
    submitted("dazhou", 2021, LOW, maker)
    with pytest.raises(DomainError, match=r"12\.0 times the 2021 figure"):
        submitted("dazhou", 2022, LOW * 12, maker)
    # One that is unusual itself and not decided is no measure, nor are other regions' figures and later ones.
    submitted("dazhou", 2022, LOW * 12, maker, confirmed_reason="so in the gazette")
    with pytest.raises(DomainError, match=r"12\.0 times the 2021 figure"):
        submitted("dazhou", 2023, LOW * 12, maker)
    assert submitted("baoshan", 2022, LOW * 12, maker).earlier_year is None
    assert submitted("dazhou", 2020, LOW / 2, maker).earlier_year is None
