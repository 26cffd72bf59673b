"""Monitoring figures by provider and month, counted by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import ClaimLine, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from monitoring.selectors.provider_months import MonthFigures, Spent, provider_month_figures
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.models import Provider
from tests import builder
from tests.builder import pair
from tests.builder.claims import a_claim
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db

MARCH, FEBRUARY, LAST_MARCH = date(2024, 3, 15), date(2024, 2, 29), date(2023, 3, 31)
A, C = CatalogCategory.A, CatalogCategory.C


class Desk:
    """Two providers and two members of a region whose fund pays primary institutions without a deductible."""

    def __init__(self) -> None:
        self.region = builder.region("kaifeng")
        self.first, self.second = (self.member() for _number in range(2))
        self.clinic, self.hospital = builder.a_provider(self.region), builder.a_provider(self.region)

    def member(self) -> Member:
        member = builder.insured(self.region)
        for day in (LAST_MARCH, FEBRUARY, MARCH, date(2024, 4, 1)):
            month = day.replace(day=1)
            builder.contributions(member, month, month)
        return member

    def visit(self, member: Member, provider: Provider, day: date, *lines: ClaimLine, **more: Any) -> Settlement:
        claim = a_claim(member, provider=provider, served_on=day, lines=list(lines), **more)
        outcome = outcome_of(claim, today=date(2024, 6, 1))
        assert isinstance(outcome, Settlement), outcome
        return outcome

    def figures(self) -> list[MonthFigures]:
        return provider_month_figures(self.region, MARCH)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def a_line(amount: str, category: CatalogCategory = A, *, examination: bool = False) -> ClaimLine:
    kind = ItemKind.TREATMENT if examination else ItemKind.DRUG
    return builder.a_line(amount, kind, category, is_examination=examination)


def test_the_shares_of_a_month(desk: Desk) -> None:
    # 100.00 of category A, of it 30.00 examinations, and 20.00 outside the lists: 60 % of 100.00 are paid.
    desk.visit(desk.first, desk.clinic, MARCH, a_line("70.00"), a_line("30.00", examination=True), a_line("20.00", C))
    # 80.00, of it 24.00 are an examination outside the lists: 60 % of 56.00 are 33.60.
    desk.visit(desk.first, desk.clinic, date(2024, 3, 1), a_line("56.00"), a_line("24.00", C, examination=True))
    clinic, region = desk.figures()
    assert (clinic.provider, region.provider) == (desk.clinic, None)
    assert clinic.now == region.now == Spent(2, Decimal("200.00"))
    assert clinic.patients == 1
    assert clinic.now.cost_per_visit == 100
    assert (clinic.patient_share, clinic.self_paid, clinic.examinations) == (
        Decimal("106.40"),
        Decimal("44.00"),
        Decimal("54.00"),
    )
    assert clinic.patient_share_rate == Decimal("0.532")
    assert clinic.self_paid_rate == Decimal("0.22")
    assert clinic.examination_rate == Decimal("0.27")


def test_growth_since_the_month_before_and_the_year_before(desk: Desk) -> None:
    desk.visit(desk.first, desk.clinic, MARCH, a_line("60.00"))
    desk.visit(desk.first, desk.clinic, date(2024, 3, 31), a_line("60.00"))
    desk.visit(desk.second, desk.clinic, FEBRUARY, a_line("96.00"))
    desk.visit(desk.second, desk.clinic, LAST_MARCH, a_line("100.00"))
    # Neither the month after, nor the month before a year ago, is looked at.
    desk.visit(desk.first, desk.clinic, date(2024, 4, 1), a_line("50.00"))
    (clinic, _region) = desk.figures()
    # 120.00 in two visits; before 96.00 and 100.00 in one.
    assert clinic.expense_growth(clinic.month_before) == Decimal("0.25")
    assert clinic.expense_growth(clinic.year_before) == Decimal("0.2")
    assert clinic.cost_growth(clinic.month_before) == Decimal("-0.375")
    assert clinic.cost_growth(clinic.year_before) == Decimal("-0.4")


def test_nothing_to_compare_with_is_said_so(desk: Desk) -> None:
    desk.visit(desk.first, desk.clinic, MARCH, a_line("60.00"))
    clinic, region = desk.figures()
    for row in (clinic, region):
        for before in (row.month_before, row.year_before):
            assert before == Spent(0, Decimal("0.00"))
            assert row.expense_growth(before) is row.cost_growth(before) is None


def test_the_largest_expense_comes_first_and_the_region_last(desk: Desk) -> None:
    desk.visit(desk.first, desk.clinic, MARCH, a_line("30.00"))
    desk.visit(desk.first, desk.hospital, MARCH, a_line("50.00"))
    desk.visit(desk.second, desk.hospital, MARCH, a_line("10.00"))
    # Without a visit in the month a provider has no row, and still belongs to the region's growth.
    desk.visit(desk.first, builder.a_provider(desk.region), FEBRUARY, a_line("45.00"))
    rows = desk.figures()
    assert [row.provider for row in rows] == [desk.hospital, desk.clinic, None]
    assert [(row.now.visits, row.patients, row.now.expense) for row in rows] == [
        (2, 2, Decimal("60.00")),
        (1, 1, Decimal("30.00")),
        # Who went to both is one patient of the region.
        (3, 2, Decimal("90.00")),
    ]
    assert rows[-1].expense_growth(rows[-1].month_before) == 1


def test_what_was_taken_back_refused_or_waits_is_no_visit(desk: Desk) -> None:
    taken_back = desk.visit(desk.first, desk.clinic, MARCH, a_line("60.00"))
    clerk, supervisor = pair(desk.region)
    asked = request_reversal(taken_back, actor=clerk, reason="test")
    approve_reversal(asked, actor=supervisor, today=date(2024, 6, 1))
    a_claim(desk.second, "1000.00", provider=desk.clinic, served_on=MARCH)
    refused = a_claim(builder.insured(desk.region), "1000.00", provider=desk.clinic, served_on=MARCH)
    outcome_of(refused, today=date(2024, 6, 1))
    refused.refresh_from_db()
    assert refused.state == "refused"
    (region,) = desk.figures()
    assert (region.provider, region.now.visits, region.now.cost_per_visit) == (None, 0, None)
    assert region.patient_share_rate is region.self_paid_rate is region.examination_rate is None


def test_regions_are_kept_apart_and_two_queries_do(desk: Desk) -> None:
    desk.visit(desk.first, desk.clinic, MARCH, a_line("60.00"))
    desk.visit(desk.first, desk.hospital, MARCH, a_line("60.00"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(desk.figures()) == 3
    assert len(queries) == 2
    assert len(provider_month_figures(builder.region("dazhou"), MARCH)) == 1
