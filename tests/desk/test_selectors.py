"""A region's month at a glance."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from agency.models import PoolingRegion, Role
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from desk.selectors import month_summary
from desk.services.months import add_up_months
from members.services.people import record_death
from policies.engine.vocabulary import RefusalReason
from tests import builder
from tests.builder.claims import a_claim

pytestmark = pytest.mark.django_db

MARCH = date(2023, 3, 1)
TODAY = date(2023, 4, 10)


def test_a_month_counts_people_credits_payments_and_refusals(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    region = builder.region("kaifeng")
    one, two = builder.staff("one", Role.FINANCE), builder.staff("two", Role.SUPERVISOR)
    member = builder.insured(region)
    builder.contributions(member, MARCH, MARCH, Decimal("5000.00"))
    builder.insured(region)
    dead = builder.insured(region)
    record_death(dead, died_on=date(2023, 3, 15), known_on=TODAY, reason="test")
    run = submit_run(check_run(draft_run(region, month=MARCH, as_of=TODAY, actor=one), actor=one), actor=one)
    for chunk in waiting_chunks(approve_run(run, actor=two)):
        post_chunk(chunk)
    clinic, elsewhere = builder.a_provider(region), builder.a_provider(region, designated=False)
    outcomes = []
    for provider, day in [(clinic, 1), (clinic, 2), (elsewhere, 3), (elsewhere, 4), (clinic, 5)]:
        claim = a_claim(member, "50.00", provider=provider, served_on=MARCH.replace(day=day), today=TODAY)
        if day != 5:
            outcomes.append(settle_claim(claim, today=TODAY))
    taken_back = outcomes[1]
    assert isinstance(taken_back, Settlement)
    approve_reversal(request_reversal(taken_back, actor=one, reason="test"), actor=two, today=TODAY)

    for each in PoolingRegion.objects.all():
        add_up_months(each, today=TODAY)
    with django_assert_num_queries(2):
        summaries = {summary.region.slug: summary for summary in month_summary(date(2023, 3, 20))}

    assert len(summaries) == PoolingRegion.objects.count()
    found = summaries["kaifeng"]
    assert found.members == 2
    assert (found.accounts_credited, found.yuan_credited) == (1, Decimal("100.00"))
    assert (found.claims_paid, found.yuan_paid) == (1, Decimal("30.00"))
    assert found.claims_waiting == 1
    assert found.refusals == {RefusalReason.NOT_DESIGNATED: 2}
    assert summaries["dazhou"].members == 0
    assert [each.region for each in month_summary(MARCH, [region])] == [region]
