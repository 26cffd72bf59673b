"""The set-based run and the pure engine find the same credits, to the fen, for people of every kind."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import LedgerEntry
from accounts.selectors.credits import explain_credits
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, last_day_of_month, submit_run
from members.models import Member
from members.models.contributions import BasisKind
from members.services.enrollments import enroll
from members.services.people import record_death, set_civil_servant_basis
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from tests import builder

pytestmark = pytest.mark.django_db

MONTHS = {
    "pingliang": [date(2023, 2, 1)],
    "dazhou": [date(2023, 2, 1)],
    "zaozhuang": [date(2022, 12, 1), date(2023, 2, 1), date(2024, 1, 1)],
    "kaifeng": [date(2022, 7, 1), date(2023, 2, 1)],
    "baoshan": [date(2023, 2, 1)],
}
PEOPLE = 60


def random_member(chance: random.Random, slug: str, month: date) -> Member:
    """A member with a random story around the month: conversions, deaths, bases, ages around seventy."""
    born = date(month.year - chance.choice([30, 45, 60, 69, 70, 71, 85]), chance.randint(1, 12), chance.randint(1, 28))
    member = builder.insured(
        builder.region(slug),
        since=date(2015, 1, 1) if born.year < 2000 else month,
        scheme=chance.choice(list(AccountScheme)),
        employment=chance.choice(list(Employment)),
        status=chance.choice(list(InsuredStatus)),
        had_account_before=chance.random() < 0.7,
        birth_date=born,
        old_retiree_credit=chance.choice([None, Decimal(chance.randint(0, 30_000)) / 100]),
    )
    if chance.random() < 0.3:
        enroll(
            member,
            since=month.replace(day=chance.randint(1, 28)),
            scheme=chance.choice(list(AccountScheme)),
            employment=chance.choice(list(Employment)),
            status=InsuredStatus.RETIRED,
            known_on=month,
            reason="converted",
        )
    if chance.random() < 0.7:
        late = chance.random() < 0.2
        builder.contributions(
            member,
            month,
            month,
            Decimal(chance.randint(100_000, 2_000_000)) / 100,
            received_on=last_day_of_month(month).replace(year=month.year + 1) if late else None,
        )
    was_flexible = member.enrollments.filter(
        period__contains=date(2022, 12, 31), status="active", employment="flexible"
    )
    if chance.random() < 0.3 and not was_flexible.exists():
        set_civil_servant_basis(
            member,
            since=date(2022, 12, 1),
            kind=chance.choice([BasisKind.DECEMBER_2022_BASE, BasisKind.FIRST_PENSION]),
            amount=Decimal(chance.randint(100_000, 2_000_000)) / 100,
            known_on=month,
            reason="imported",
        )
    if chance.random() < 0.2:
        died = date(month.year, month.month, chance.randint(1, 28))
        record_death(member, died_on=died, known_on=last_day_of_month(month), reason="reported")
    return member


@pytest.mark.parametrize(("slug", "month"), [(slug, month) for slug in MONTHS for month in MONTHS[slug]])
def test_the_run_posts_what_the_engine_explains(slug: str, month: date) -> None:
    chance = random.Random(f"{slug} {month}")
    region, maker, checker = builder.region(slug), builder.staff("maker"), builder.staff("checker")
    for year, final in [(2021, True), (2022, True), (2023, slug == "baoshan")]:
        amount = Decimal(chance.randint(200_000, 500_000)) / 100
        builder.average_pension(region, year, amount, is_final=final)
    people = [random_member(chance, slug, month) for _ in range(PEOPLE)]
    as_of = last_day_of_month(month)
    run = draft_run(region, month=month, as_of=as_of, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    approve_run(run, actor=checker)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    posted: dict[int, dict[str, tuple[Decimal, Decimal | None, int | None]]] = defaultdict(dict)
    for entry in LedgerEntry.objects.select_related("credit"):
        assert entry.credit.member_id is not None
        posted[entry.credit.member_id][entry.component] = (entry.amount, entry.basis, entry.rule_id)
    missing = {(row.member_id, row.component): row.reason for row in run.exceptions.all()}
    for person in people:
        member = Member.objects.select_related("region").get(pk=person.pk)
        explained = explain_credits(member, month, as_of)
        assert posted[member.pk] == {
            credit.term.component: (credit.amount, credit.basis, credit.term.rule_id)
            for credit in explained
            if credit.amount
        }
        for credit in explained:
            assert missing.get((member.pk, credit.term.component)) == credit.missing
    assert sum(map(len, posted.values())) > PEOPLE // 10
