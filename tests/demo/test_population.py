"""The invented population: the same from the same seed, well formed, and every file of it importable."""

from datetime import date

import pytest
from stdnum.cn import ric

from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import draft_run
from agency.exporting.streams import csv_bytes
from agency.models import PoolingRegion, Role, User
from claims.models import Claim, Settlement, SettlementChannel
from claims.services.settlement import settle_claim
from demo.population import Calendar, Table, generate
from demo.population.people import senior_birthdays
from demo.population.places import PLACES
from desk.selectors import month_summary
from desk.services.months import add_up_months
from files.services.import_kinds import import_kinds
from files.services.imports import import_file
from members.documents import check_identity_number
from members.models import Member
from policies.engine.vocabulary import RefusalReason, Tier
from policies.models import AveragePension
from policies.services.pensions import approve_average_pension
from reimbursements.models import Reimbursement, ReimbursementKind
from reimbursements.services.reimbursements import (
    complete_papers,
    decide_by_the_rules,
    describe_reimbursement,
    submit_reimbursement,
)
from tests.builder import staff
from tests.demo.invented import CALENDAR

SEED = 7
# What an office needs to begin; files of later events are not among it.
NEW_OFFICE = {"average_pensions", "providers", "catalog_items", "members", "enrollments", "contributions", "claims"}
MONTH, OFFICE_DAY = CALENDAR.last, CALENDAR.today


@pytest.fixture(scope="module")
def population() -> dict[str, dict[str, Table]]:
    return generate(SEED, CALENDAR)


def reimbursed(claim: Claim, clerk: User, supervisor: User) -> None:
    """Have a manual claim decided as the rules say."""
    found = Reimbursement.objects.get(claim=claim)
    payee = {"payee_name": claim.member.name, "payee_bank": "工商银行", "payee_account": "6200123456789"}
    kind = ReimbursementKind(found.kind)
    describe_reimbursement(found, kind=kind, **payee, actor=clerk, reason="papers")
    complete_papers(
        found, on=OFFICE_DAY, today=OFFICE_DAY, accepted_without="originals seen", actor=clerk, reason="papers"
    )
    submitted = submit_reimbursement(found, actor=clerk)
    decide_by_the_rules(submitted, today=OFFICE_DAY, actor=supervisor, reason="examined")


def column(table: Table, name: str) -> list[str]:
    position = table.header.index(name)
    return [row[position] for row in table.rows]


def test_a_seed_always_makes_the_same_and_another_seed_another(population: dict[str, dict[str, Table]]) -> None:
    assert generate(SEED, CALENDAR) == population
    other = generate(SEED + 1, CALENDAR)
    assert all(other[slug]["members"] != tables["members"] for slug, tables in population.items())


def test_every_region_has_the_files_of_a_new_office_in_the_order_of_import(
    population: dict[str, dict[str, Table]],
) -> None:
    kinds = [kind.name for kind in import_kinds() if kind.name in NEW_OFFICE]
    assert set(population) == {place.slug for place in PLACES}
    assert all(list(tables) == kinds for tables in population.values())


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.slug)
@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_people_are_well_formed_and_of_their_county(place: object, seed: int) -> None:
    slug, counties = place.slug, place.counties  # type: ignore[attr-defined]
    members = generate(seed, CALENDAR)[slug]["members"]
    assert len(members.rows) == 200
    for number, sex, born in zip(
        *(column(members, name) for name in ("identity_number", "sex", "birth_date")), strict=True
    ):
        assert check_identity_number(number, birth_date=date.fromisoformat(born), sex=sex).number == ric.compact(number)
        assert number[:6] in counties
    assert len(set(column(members, "identity_number"))) == 200


def test_the_people_meet_every_rule(population: dict[str, dict[str, Table]]) -> None:
    """Both statuses everywhere, both schemes where there are two, birthdays around seventy, Zaozhuang's old amounts."""
    for place in PLACES:
        tables = population[place.slug]
        assert set(column(tables["enrollments"], "status")) == {"active", "retired"}
        assert set(column(tables["enrollments"], "employment")) == {"employee", "flexible"}
        schemes = {"combined", "pooled_only"} if place.has_pooled_only else {"combined"}
        assert set(column(tables["enrollments"], "scheme")) == schemes
        first, last = (day.isoformat() for day in senior_birthdays(CALENDAR))
        assert any(first <= born <= last for born in column(tables["members"], "birth_date"))
        assert any(column(tables["members"], "old_retiree_credit")) == place.has_old_standard
        assert set(column(tables["providers"], "tier")) == {tier.value for tier in Tier}
        assert len(set(column(tables["claims"], "claim_number"))) == 150 + 60 * (len(CALENDAR.served) - 1)
        months = {f"{month:%Y-%m}" for month in CALENDAR.served}
        assert {served[:7] for served in column(tables["claims"], "served_on")} == months
        assert all("illustrative" in source for source in column(tables["average_pensions"], "source"))
        assert set(column(tables["contributions"], "month")) == {f"{month:%Y-%m}" for month in CALENDAR.months}


def _last_months(tables: dict[str, Table]) -> dict[str, Table]:
    """The files, with the last months' contributions and the last month's claims alone: what is older is no other."""
    kept = {"contributions": ("month", CALENDAR.months[-3]), "claims": ("served_on", MONTH)}
    found = dict(tables)
    for kind, (name, first) in kept.items():
        header, rows = tables[kind]
        place = header.index(name)
        found[kind] = Table(header, [row for row in rows if row[place] >= first.isoformat()[: len(row[place])]])
    return found


@pytest.mark.parametrize("today", ["2024-02-01", "2024-02-29", "2025-12-31", "2026-01-01", "2026-11-30", "2031-05-05"])
def test_on_any_day_there_is_a_year_with_a_december_before_it(today: str) -> None:
    calendar = Calendar.on(date.fromisoformat(today))
    assert len(calendar.months) == 12
    assert calendar.last < calendar.today.replace(day=1)
    assert calendar.december in calendar.served
    assert len(generate(SEED, calendar)) == len(PLACES)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [place.slug for place in PLACES])
def test_every_file_is_imported_and_the_month_shows_what_it_should(
    population: dict[str, dict[str, Table]], slug: str
) -> None:
    region = PoolingRegion.objects.get(slug=slug)
    clerk, supervisor, officer = staff("clerk"), staff("supervisor"), staff("officer", Role.POLICY_OFFICER)
    for kind, table in _last_months(population[slug]).items():
        actor = officer if kind == "average_pensions" else None
        report = import_file(kind, csv_bytes(table.header, table.rows), region=region, actor=actor, today=OFFICE_DAY)
        assert report.errors == []
        assert report.imported == len(table.rows)
    for pension in AveragePension.objects.filter(region=region).order_by("year"):
        approve_average_pension(pension, actor=supervisor)
    assert Member.objects.filter(region=region).count() == 200
    run = check_run(draft_run(region, month=MONTH, as_of=OFFICE_DAY, actor=None), actor=None)
    assert run.summary["exceptions"]["no_contribution"] > 0
    for claim in Claim.objects.filter(region=region).order_by("served_on", "pk"):
        if claim.channel == SettlementChannel.DIRECT:
            settle_claim(claim, today=OFFICE_DAY)
        else:
            reimbursed(claim, clerk, supervisor)
    add_up_months(region, today=OFFICE_DAY)
    (summary,) = month_summary(MONTH, [region])
    assert summary.claims_paid > 100
    assert summary.claims_waiting == 0
    wanted = {RefusalReason.NOT_DESIGNATED, RefusalReason.DUPLICATE_INVOICE}
    wanted.add(RefusalReason.ARREARS if slug == "kaifeng" else RefusalReason.NOT_ENTITLED)
    if slug in ("kaifeng", "baoshan"):
        wanted.add(RefusalReason.OUT_OF_AREA_UNREGISTERED)
    if slug != "pingliang":
        wanted.add(RefusalReason.TERMS_UNSET)
    assert set(summary.refusals) == wanted
    steps = Settlement.objects.filter(claim__region=region).values_list("steps", flat=True)
    assert any(step["code"] == "ceiling" for settled in steps for step in settled)
