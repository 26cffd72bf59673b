"""The months of the fund: added up to the fen, shown, and taken along as files."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountKind, LedgerAccount, LedgerEntry
from accounts.selectors.monthly import CREDITS
from accounts.selectors.year_end import year_end
from agency.models import Export, Job, PoolingRegion
from claims.models import Settlement
from claims.selectors.monthly import payments_by_kind
from claims.services.reversal import approve_reversal, request_reversal
from desk.fund_figures import fund_of
from desk.models import MonthCredit, MonthPayment, RegionMonth
from desk.services.months import MONTHS, add_up_months, perform_adding_up, queue_adding_up
from desk.tasks import add_up_all_months
from members.models import Enrollment
from members.services.people import record_death
from tests import builder
from tests.builder.office import MONTH, REASON, TODAY, Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db
SEEN_BY = {"supervisor", "policy_officer", "finance", "auditor", "root"}


def months_of(office: Office) -> dict[date, RegionMonth]:
    return {each.month: each for each in add_up_months(office.here, today=TODAY)}


def test_payments_and_credits_are_those_of_the_settlements_and_the_ledger_to_the_fen(office: Office) -> None:
    months_of(office)
    standing = Settlement.objects.filter(
        claim__region=office.here, reverses__isnull=True, reversed_by__isnull=True
    ).aggregate(total=Sum("total"), pooled=Sum("pooled"), inpatient=Sum("pooled_inpatient"), cash=Sum("cash"))
    added_up = MonthPayment.objects.filter(of__region=office.here)
    sums = added_up.aggregate(expense=Sum("expense"), fund=Sum("fund"), cash=Sum("cash"))
    assert standing["total"] > 0
    assert sums["expense"] == standing["total"]
    assert sums["fund"] == standing["pooled"] + standing["inpatient"]
    assert sums["cash"] == standing["cash"]
    entries = LedgerEntry.objects.filter(region=office.here, kind__in=CREDITS, reversed_by__isnull=True)
    credited = entries.aggregate(sum=Sum("amount"))["sum"]
    assert credited > 0
    of_months = MonthCredit.objects.filter(of__region=office.here)
    assert of_months.aggregate(sum=Sum("amount"))["sum"] == credited


def test_tiers_and_benefits_are_those_of_the_monthly_report(office: Office) -> None:
    months_of(office)
    reported: dict[tuple[str, str], Decimal] = {}
    for row in payments_by_kind(office.here, MONTH):
        key = (row.tier.value, row.benefit.value)
        reported[key] = reported.get(key, Decimal(0)) + row.paid.fund
    added_up = MonthPayment.objects.filter(of__region=office.here, of__month=MONTH)
    assert reported
    assert {(each.tier, each.benefit): each.fund for each in added_up} == reported


def test_balances_at_month_ends_are_those_of_the_accounts(office: Office) -> None:
    months = months_of(office)
    accounts = LedgerAccount.objects.filter(region=office.here, kind=AccountKind.PERSONAL)
    assert months[TODAY.replace(day=1)].balance == accounts.aggregate(sum=Sum("balance"))["sum"] > 0
    assert months[date(2023, 12, 1)].balance == year_end(office.here, 2023).closing


def test_a_reversed_settlement_is_in_no_month(office: Office) -> None:
    settlement = office.objs["settlement"]
    before = {each.month: each for each in months_of(office).values()}
    assert set(before) == {each.month for each in RegionMonth.objects.filter(region=office.here)}
    paid = MonthPayment.objects.filter(of__region=office.here).aggregate(sum=Sum("expense"))["sum"]
    clerk, supervisor = office.staff["clerk"], office.staff["supervisor"]
    reversal = settlement.reversals.first() or request_reversal(settlement, actor=clerk, reason=REASON)
    approve_reversal(reversal, actor=supervisor, today=TODAY)
    months_of(office)
    after = MonthPayment.objects.filter(of__region=office.here).aggregate(sum=Sum("expense"))["sum"] or Decimal(0)
    assert paid - after == settlement.total


def test_members_count_while_they_are_enrolled_and_alive() -> None:
    region = builder.region("kaifeng")
    builder.insured(region, since=date(2023, 1, 1))
    dead = builder.insured(region, since=date(2023, 1, 1))
    record_death(dead, died_on=date(2023, 3, 31), known_on=date(2023, 6, 1), reason="test")
    builder.insured(region, since=date(2023, 4, 30))
    months = {each.month.month: each.members for each in add_up_months(region, today=date(2023, 6, 1))[-6:]}
    # Whoever dies on the last day was insured on it.
    assert months == {1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}
    for month, members in ((date(2023, 3, 31), 2), (date(2023, 4, 29), 1), (date(2023, 4, 30), 2)):
        enrolled = Enrollment.objects.filter(member__region=region, period__contains=month)
        assert enrolled.exclude(member__died_on__lt=month).count() == members


def test_sixty_months_are_kept_in_the_place_of_those_before() -> None:
    region = builder.region("kaifeng")
    for today in (date(2023, 5, 31), date(2023, 6, 1)):
        months = [each.month for each in add_up_months(region, today=today)]
        assert (len(months), months[-1]) == (MONTHS, today.replace(day=1))
    assert RegionMonth.objects.filter(region=region).count() == MONTHS


def test_the_clock_queues_each_region_once_and_a_job_ends_with_its_months() -> None:
    add_up_all_months()
    add_up_all_months()
    jobs = Job.objects.filter(kind="add_up_months")
    assert jobs.count() == PoolingRegion.objects.count()
    job = perform_adding_up(jobs[0])
    assert (job.state, job.result) == ("done", {"months": MONTHS})
    assert job.region is not None
    assert queue_adding_up(job.region, actor=None) != job


def test_the_fund_puts_twelve_months_beside_those_of_the_year_before(office: Office) -> None:
    assert fund_of(office.here) is None
    add_up_months(office.here, today=TODAY)
    fund = fund_of(office.here)
    assert fund is not None
    march = next(row for row in fund.visits if row.name == MONTH)
    settled = Settlement.objects.filter(
        claim__region=office.here, reverses__isnull=True, reversed_by__isnull=True, served_on__month=3
    )
    assert march.now.visits == settled.count() > 0
    total, patients = settled.aggregate(a=Sum("total"), b=Sum("patient_share")).values()
    assert march.now.cost_per_visit == round(total / settled.count(), 2)
    assert march.now.patient_share == round(patients / total, 4)
    assert (march.before.visits, march.before.cost_per_visit) == (0, None)


@pytest.mark.parametrize("role", ["clerk", "supervisor", "policy_officer", "finance", "auditor", "nobody"])
def test_whoever_answers_for_the_fund_sees_it_and_nobody_else(office: Office, role: str) -> None:
    add_up_months(office.here, today=TODAY)
    client = visitor(office.staff[role])
    assert client.get(reverse("admin:fund")).status_code == (200 if role in SEEN_BY else 403)
    assert ("fund_region" in client.get(reverse("admin:index")).context) is (role in SEEN_BY)
    for name in ("fund_file", "fund_add_up"):
        assert client.get(reverse(f"admin:{name}")).status_code == 405
        if role not in SEEN_BY:
            assert client.post(reverse(f"admin:{name}")).status_code == 403


def test_each_table_is_a_file_that_is_recorded(office: Office) -> None:
    add_up_months(office.here, today=TODAY)
    finance = visitor(office.staff["finance"])
    address = reverse("admin:fund_file")
    for sent, ending in (({}, ".xlsx"), ({"table": "tiers"}, "tiers-"), ({"table": "payments", "form": "csv"}, ".csv")):
        response = finance.post(address, sent)
        assert response.status_code == 200
        assert ending in response["Content-Disposition"]
    written = b"".join(response).decode("utf-8-sig").splitlines()
    assert len(written) == 13
    assert any(line.startswith("2024-03,") for line in written)
    assert list(Export.objects.filter(listed="fund").values_list("sheet", "form").order_by("pk")) == [
        ("", "xlsx"),
        ("tiers", "xlsx"),
        ("payments", "csv"),
    ]
    for wrong in ({"table": "nothing"}, {"form": "csv"}, {"table": "tiers", "form": "exe"}):
        assert finance.post(address, wrong).status_code == 404
    listed = visitor(office.staff["auditor"]).get(reverse("admin:agency_export_changelist"))
    assert listed.status_code == 200


def test_the_button_has_a_worker_add_up_the_region(office: Office) -> None:
    response = visitor(office.staff["supervisor"]).post(reverse("admin:fund_add_up"))
    job = Job.objects.get(kind="add_up_months")
    assert (job.region, job.requested_by) == (office.here, office.staff["supervisor"])
    assert str(job.pk) in response["Location"]


def test_the_region_that_is_chosen_is_remembered_on_home_and_in_the_fund(office: Office) -> None:
    everywhere: Any = visitor(office.staff["root"])
    home = reverse("admin:index")
    assert everywhere.get(home).context["region"] is None
    assert everywhere.post(reverse("admin:choose_region"), {"region": office.away.pk})["Location"] == home
    assert everywhere.get(home).context["region"] == office.away
    assert everywhere.get(reverse("admin:fund")).context["region"] == office.away
    fund = {"region": office.here.pk, "next": reverse("admin:fund")}
    assert everywhere.post(reverse("admin:choose_region"), fund)["Location"] == fund["next"]
    assert everywhere.get(home).context["region"] == office.here
    elsewhere = {"region": "", "next": "https://example.com/"}
    assert everywhere.post(reverse("admin:choose_region"), elsewhere)["Location"] == home
    assert everywhere.get(home).context["region"] is None


def test_nobody_chooses_a_region_in_which_they_do_not_work(office: Office) -> None:
    clerk = visitor(office.staff["clerk"])
    clerk.post(reverse("admin:choose_region"), {"region": office.away.pk})
    assert clerk.get(reverse("admin:index")).context["region"] is None


@pytest.mark.parametrize("role", ["clerk", "supervisor", "policy_officer", "finance", "auditor"])
def test_home_takes_few_queries_with_all_that_it_shows(office: Office, role: str) -> None:
    add_up_months(office.here, today=TODAY)
    client = visitor(office.staff[role])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("admin:index")).status_code == 200
    assert len(queries) < 30
