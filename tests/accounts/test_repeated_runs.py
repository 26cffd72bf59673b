"""A month that was posted before: the next run of it looks at what changed and at those left out, at nobody else."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest
from django.db import connection

from accounts.models import CreditDifference, CreditMark, CreditRunMonth, LedgerAccount, LedgerEntry
from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import discard_run, draft_run
from agency.models import PoolingRegion, User
from members.services.contributions import record_contribution
from members.services.people import record_death
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted
from tests.processes import database_url

BASE = Decimal("5432.25")


@pytest.mark.django_db
def test_without_changes_no_part_is_left_to_post(region: PoolingRegion, maker: User, checker: User) -> None:
    for _ in range(3):
        builder.insured(region, status=InsuredStatus.RETIRED)
    assert posted(region, MARCH, MARCH_END, maker, checker).entry_count == 3
    again = posted(region, MARCH, MARCH_END, maker, checker)
    assert (again.entry_count, again.chunks.count(), again.months.count(), again.marks.count()) == (0, 0, 0, 0)
    assert again.summary["lines"] == []


@pytest.mark.django_db
def test_whoever_was_left_out_is_looked_at_and_listed_again(region: PoolingRegion, maker: User, checker: User) -> None:
    builder.insured(region, status=InsuredStatus.RETIRED)
    without = builder.insured(region)
    for _ in range(3):
        run = posted(region, MARCH, MARCH_END, maker, checker)
        assert list(run.exceptions.values_list("member", "reason")) == [(without.pk, "no_contribution")]
        assert run.summary["exceptions"] == {"no_contribution": 1}
    assert list(run.marks.values_list("member", "month")) == [(without.pk, MARCH)]
    assert LedgerEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_contribution_that_came_since_is_credited_as_the_months_own(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    active = builder.insured(region)
    builder.insured(region, status=InsuredStatus.RETIRED)
    posted(region, MARCH, MARCH_END, maker, checker)
    builder.contributions(active, MARCH, MARCH, BASE, received_on=date(2023, 4, 3))
    run = posted(region, MARCH, APRIL_END, maker, checker)
    entry = LedgerEntry.objects.get(credit__member=active)
    # 2 % of 5432.25 is 108.645.
    assert (entry.amount, entry.month, entry.kind) == (Decimal("108.65"), MARCH, "monthly_credit")
    assert entry.cause == f"credit_run:{run.pk}:contribution"
    assert (run.entry_count, run.exceptions.count()) == (1, 0)


@pytest.mark.django_db
def test_a_death_that_became_known_since_is_a_credit_above_entitlement(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    retiree = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1950, 5, 1))
    posted(region, APRIL, APRIL_END, maker, checker)
    record_death(retiree, died_on=date(2023, 3, 10), known_on=date(2023, 5, 2), reason="reported late")
    assert posted(region, APRIL, date(2023, 5, 2), maker, checker).entry_count == 0
    listed = CreditDifference.objects.get()
    assert (listed.month, listed.credited, listed.entitled) == (APRIL, Decimal("90.00"), Decimal("0.00"))


@pytest.mark.django_db
def test_what_an_earlier_day_does_not_know_takes_nothing_back(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    active = builder.insured(region)
    builder.contributions(active, MARCH, MARCH, BASE, received_on=date(2023, 4, 3))
    assert posted(region, MARCH, APRIL_END, maker, checker).entry_count == 1
    assert posted(region, MARCH, MARCH_END, maker, checker).entry_count == 0
    assert not CreditDifference.objects.exists()
    assert LedgerAccount.objects.get(member=active).balance == Decimal("108.65")


@pytest.mark.django_db
def test_a_discarded_repetition_gives_back_a_change_of_law_and_keeps_nothing_of_its_own(
    maker: User, checker: User
) -> None:
    dazhou = builder.region("dazhou")
    retiree = builder.insured(dazhou, status=InsuredStatus.RETIRED)
    builder.insured(dazhou)
    builder.average_pension(dazhou, 2021, Decimal(2950))
    posted(dazhou, MARCH, MARCH_END, maker, checker)
    builder.average_pension(dazhou, 2022, Decimal(3000))
    run = draft_run(dazhou, month=MARCH, as_of=MARCH_END, actor=maker)
    check_run(run, actor=maker)
    assert list(run.months.values_list("month", "cause")) == [(MARCH, "average_pension")]
    discard_run(run, actor=maker, reason="too early")
    assert not CreditMark.objects.filter(run__isnull=True).exists()
    posted(dazhou, MARCH, MARCH_END, maker, checker)
    amounts = LedgerEntry.objects.filter(credit__member=retiree).order_by("pk").values_list("amount", flat=True)
    # 2.8 % of 2950 is 82.60, of 3000 it is 84.00.
    assert list(amounts) == [Decimal("82.60"), Decimal("1.40")]


@pytest.mark.django_db
def test_a_run_discarded_before_its_month_was_posted_leaves_the_whole_month_to_the_next(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    builder.insured(region, status=InsuredStatus.RETIRED)
    run = draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    check_run(run, actor=maker)
    discard_run(run, actor=maker, reason="too early")
    assert posted(region, MARCH, MARCH_END, maker, checker).entry_count == 1
    assert list(CreditRunMonth.objects.values_list("cause", flat=True)) == ["month", "month"]


@pytest.mark.django_db(transaction=True)
def test_the_account_of_somebody_between_those_looked_at_stays_free(
    region: PoolingRegion, maker: User, checker: User
) -> None:
    first, between, last = (builder.insured(region) for _ in range(3))
    for member in (first, between, last):
        builder.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, maker, checker)
    for member in (first, last):
        record_contribution(member, month=MARCH, base=Decimal("6500.00"), known_on=MARCH_END, reason="corrected")
    with psycopg.connect(database_url(connection.settings_dict)) as elsewhere:
        elsewhere.execute("SELECT FROM accounts_ledgeraccount WHERE member_id = %s FOR UPDATE", [between.pk]).fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        try:
            run = posted(region, MARCH, MARCH_END, maker, checker)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
    assert list(run.chunks.values_list("first_member", "last_member", "state")) == [(first.pk, last.pk, "posted")]
