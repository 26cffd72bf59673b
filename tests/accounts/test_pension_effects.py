"""What an average pension that waits would move is what the next credit run posts for the month."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import LedgerEntry
from accounts.selectors.pension_effects import PensionEffect, pension_effects
from accounts.services.credit_runs import last_day_of_month
from agency.models import PoolingRegion, User
from policies.engine.vocabulary import InsuredStatus
from policies.models import AveragePension
from policies.services.pensions import approve_average_pension, submit_average_pension
from tests import builder
from tests.accounts.test_credit_parity import random_member
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted

pytestmark = pytest.mark.django_db


def waiting(region: PoolingRegion, year: int, monthly: str, maker: User, *, is_final: bool = True) -> AveragePension:
    return submit_average_pension(
        region,
        year=year,
        monthly=Decimal(monthly),
        is_final=is_final,
        today=date(2024, 6, 1),
        actor=maker,
        reason=builder.REASON,
        confirmed_reason=builder.REASON,
    )


@pytest.mark.parametrize(
    ("slug", "month", "year"),
    [
        ("zaozhuang", date(2023, 6, 1), 2022),
        ("zaozhuang", date(2024, 3, 1), 2023),
        ("dazhou", date(2023, 5, 1), 2022),
        ("baoshan", date(2023, 8, 1), 2023),
    ],
)
def test_the_run_posts_what_the_page_said(slug: str, month: date, year: int, maker: User, checker: User) -> None:
    chance = random.Random(f"{slug} {month}")
    region = builder.region(slug)
    for known in (year - 1, year):
        builder.average_pension(region, known, 3000, is_final=slug == "baoshan" or known < year)
    for _ in range(70):
        random_member(chance, slug, month)
    last = last_day_of_month(month)
    posted(region, month, last, maker, checker)
    pension = waiting(region, year, "3333.33", maker)
    (effect,) = [each for each in pension_effects(pension, last) if each.month == month]
    approve_average_pension(pension, actor=checker, reason=builder.REASON)
    before = set(LedgerEntry.objects.values_list("pk", flat=True))
    posted(region, month, last, maker, checker)
    true_ups = LedgerEntry.objects.exclude(pk__in=before).filter(month=month)
    assert effect.retirees == true_ups.count() > 5
    assert effect.new - effect.now == true_ups.aggregate(total=Sum("amount"))["total"]
    assert effect.posted_months == 1


def test_each_version_that_rests_on_the_year_has_its_line(maker: User) -> None:
    """Zaozhuang's average of 2022 is that of 2023's months, and stands in for 2023's own in those of 2024."""
    region = builder.region("zaozhuang")
    builder.insured(region, status=InsuredStatus.RETIRED, had_account_before=False)
    lines = pension_effects(waiting(region, 2022, "3000.00", maker), date(2024, 5, 6))
    assert [(each.month, each.retirees) for each in lines] == [(date(2023, 12, 1), 1), (date(2024, 5, 1), 1)]


def test_whoever_was_not_credited_for_want_of_the_figure_is_counted_in_full(maker: User) -> None:
    dazhou = builder.region("dazhou")
    builder.insured(dazhou, status=InsuredStatus.RETIRED)
    builder.insured(dazhou)
    (effect,) = pension_effects(waiting(dazhou, 2021, "3000.00", maker), APRIL_END)
    assert effect[1:] == (APRIL, 1, Decimal("0.00"), Decimal("84.00"), 0)


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_figure_on_which_nothing_rests_yet_moves_nothing(maker: User, year: int) -> None:
    """Dazhou's credits rest on 2021 until 2022 is final, and on no later year."""
    dazhou = builder.region("dazhou")
    builder.average_pension(dazhou, 2021, 2950)
    builder.insured(dazhou, status=InsuredStatus.RETIRED)
    assert pension_effects(waiting(dazhou, year, "3000.00", maker, is_final=False), MARCH_END) == []


def test_months_already_posted_are_counted_by_version(maker: User, checker: User) -> None:
    dazhou = builder.region("dazhou")
    builder.average_pension(dazhou, 2021, 2950)
    builder.insured(dazhou, status=InsuredStatus.RETIRED)
    for month, end in ((MARCH, MARCH_END), (APRIL, APRIL_END)):
        posted(dazhou, month, end, maker, checker)
    (effect,) = pension_effects(waiting(dazhou, 2022, "3000.00", maker), APRIL_END)
    assert isinstance(effect, PensionEffect)
    # 2.8 % of 2950 is 82.60, of 3000 it is 84.00.
    assert effect[1:] == (APRIL, 1, Decimal("82.60"), Decimal("84.00"), 2)
