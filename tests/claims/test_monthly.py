"""Payments of a month by tier, benefit and kind of member, and by provider, counted by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Settlement
from claims.selectors.monthly import Paid, payments_by_kind, payments_by_provider
from claims.selectors.national import SETLINFO_FIELDS, setlinfo, setlinfo_fields, settlements_of
from claims.services.reversal import approve_reversal, request_reversal
from policies.engine.vocabulary import Benefit, Employment, InsuredStatus, Tier
from tests import builder as house
from tests.builder.claims import a_claim
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db

MARCH, APRIL, TODAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 6, 1)


def test_standing_settlements_of_the_month_are_summed_and_nothing_else() -> None:
    region = house.region("kaifeng")
    member, clinic, other = house.insured(region), house.a_provider(region), house.a_provider(region)
    for month in (MARCH, APRIL):
        house.contributions(member, month, month)

    def visit(day: date, yuan: str, provider: object = clinic) -> Settlement:
        claim = a_claim(member, provider=provider, served_on=day, lines=[house.a_line(yuan)])
        outcome = outcome_of(claim, today=TODAY)
        assert isinstance(outcome, Settlement), outcome
        return outcome

    standing = [visit(date(2024, 3, 1), "300.00"), visit(date(2024, 3, 31), "200.00")]
    elsewhere = visit(date(2024, 3, 9), "900.00", other)
    visit(APRIL, "500.00")
    back = visit(date(2024, 3, 20), "400.00")
    asked = request_reversal(back, actor=house.staff("asks"), reason="entered twice")
    approve_reversal(asked, actor=house.staff("decides"), today=TODAY)

    def paid(*settlements: Settlement) -> Paid:
        # What was settled anew after the reversal stands in the place of the first outcome.
        anew = [
            Settlement.objects.filter(claim=each.claim, reverses=None, reversed_by=None).get() for each in settlements
        ]
        return Paid(
            len(anew),
            sum((each.total for each in anew), Decimal(0)),
            sum((each.pooled + each.pooled_inpatient for each in anew), Decimal(0)),
            sum((each.account + each.family_account for each in anew), Decimal(0)),
            sum((each.cash for each in anew), Decimal(0)),
        )

    with CaptureQueriesContext(connection) as queries:
        [row] = payments_by_kind(region, MARCH)
        providers = payments_by_provider(region, MARCH)
    assert len(queries) == 2
    assert (row.tier, row.benefit) == (Tier.PRIMARY, Benefit.GENERAL_OUTPATIENT)
    assert (row.employment, row.status) == (Employment.EMPLOYEE, InsuredStatus.ACTIVE)
    assert row.paid == paid(*standing, elsewhere)
    assert row.paid.expense == row.paid.fund + row.paid.account + row.paid.cash == Decimal("1400.00")
    assert [(each.code, each.paid) for each in providers] == [
        (other.code, paid(elsewhere)),
        (clinic.code, paid(*standing)),
    ]
    assert payments_by_kind(house.region("dazhou"), MARCH) == []


def test_settlements_of_a_list_are_those_of_the_platform_with_their_counter_rows() -> None:
    region = house.region("kaifeng")
    member = house.insured(region)
    house.contributions(member, MARCH, MARCH)
    claim = a_claim(member, provider=house.a_provider(region), served_on=MARCH, lines=[house.a_line("300.00")])
    outcome = outcome_of(claim, today=TODAY)
    assert isinstance(outcome, Settlement)
    asked = request_reversal(outcome, actor=house.staff("asks"), reason="entered twice")
    approve_reversal(asked, actor=house.staff("decides"), today=TODAY)
    fields = list(settlements_of(Claim.objects.filter(pk=claim.pk)))
    assert [each["refd_setl_flag"] for each in fields] == ["0", "1"]
    assert all(tuple(each) == SETLINFO_FIELDS for each in fields)
    assert fields[0] == setlinfo_fields(outcome) == {name: setlinfo(outcome)[name] for name in SETLINFO_FIELDS}
