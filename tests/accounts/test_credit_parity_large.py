"""Twenty thousand random people: the set-based run posts what the engine finds from the same facts, to the fen.

The people are written to the tables at once, and the engine is given the facts they were made of, never a row.
"""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import LedgerEntry
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, last_day_of_month, submit_run
from agency.models import PoolingRegion
from members.models import CivilServantBasis, Contribution, Enrollment, Member, Sex
from members.models.contributions import BasisKind
from policies.engine.credits import CreditFacts, Pension, monthly_credits
from policies.engine.policy import Policy
from policies.engine.vocabulary import AccountScheme, ConversionFrom, CreditSchedule, Employment, InsuredStatus
from policies.selectors.pensions import pensions_of
from policies.selectors.versions import policy_in_force
from policies.services.packs import load_pack
from tests import builder

pytestmark = pytest.mark.django_db

INVENTED = {
    "liuxi": Path(__file__).resolve().parent.parent / "sixth_region" / "liuxi.toml",
    "tongwan": Path(__file__).resolve().parent.parent / "seventh_region" / "tongwan.toml",
}
MONTHS = [
    ("pingliang", date(2023, 2, 1)),
    ("dazhou", date(2023, 2, 1)),
    ("zaozhuang", date(2022, 12, 1)),
    ("zaozhuang", date(2023, 2, 1)),
    ("zaozhuang", date(2024, 1, 1)),
    ("kaifeng", date(2022, 7, 1)),
    ("baoshan", date(2023, 2, 1)),
    ("liuxi", date(2024, 2, 1)),
    ("tongwan", date(2024, 2, 1)),
]
PEOPLE = 2500  # a run; 22,500 in all


class Insured(NamedTuple):
    """How somebody is insured from a day on."""

    since: date
    scheme: AccountScheme
    employment: Employment
    status: InsuredStatus
    had_account_before: bool


class Story(NamedTuple):
    """One person around the month of the run; `insured` follow one another, the last one until `last_day`."""

    birth_date: date
    insured: tuple[Insured, ...]
    last_day: date | None
    died_on: date | None
    base: Decimal | None
    received_on: date
    old_retiree_credit: Decimal | None
    contribution_months: int | None
    bases: tuple[tuple[date, BasisKind, Decimal], ...]


def yuan(chance: random.Random, least: int, most: int) -> Decimal:
    return Decimal(chance.randint(least * 100, most * 100)) / 100


def how(chance: random.Random, since: date) -> Insured:
    return Insured(
        since,
        chance.choice(list(AccountScheme)),
        chance.choice(list(Employment)),
        chance.choice(list(InsuredStatus)),
        chance.random() < 0.7,
    )


def story(chance: random.Random, month: date) -> Story:
    """Ages around seventy and seventy-five, changes, deaths and endings inside the month and around it."""
    last = last_day_of_month(month)
    circumstances = [month - timedelta(days=1), month, month + timedelta(days=chance.randint(0, 27)), last]
    insured = [how(chance, chance.choice([date(2015, 1, 1), *circumstances]))]
    if chance.random() < 0.4:
        later = [insured[0].since + timedelta(days=chance.randint(1, 40)), *circumstances]
        insured.append(how(chance, chance.choice([day for day in later if day > insured[0].since])))
    ends = insured[-1].since
    return Story(
        birth_date=date(
            month.year - chance.choice([30, 60, 69, 70, 71, 74, 75, 76]),
            chance.choice([month.month, month.month % 12 + 1, (month.month - 2) % 12 + 1, chance.randint(1, 12)]),
            chance.choice([1, 15, 28]),
        ),
        insured=tuple(insured),
        last_day=max(chance.choice(circumstances), ends) if chance.random() < 0.1 else None,
        died_on=max(chance.choice(circumstances), ends) if chance.random() < 0.1 else None,
        base=yuan(chance, 1000, 20_000) if chance.random() < 0.75 else None,
        received_on=chance.choice([month, last, last, last + timedelta(days=1)]),
        old_retiree_credit=chance.choice([None, Decimal("0.00"), yuan(chance, 1, 300)]),
        contribution_months=chance.choice([None, 0, 359, 360, 361, chance.randint(1, 500)]),
        bases=tuple(
            (since, chance.choice([BasisKind.CONFIRMED_PAY, BasisKind.FIRST_PENSION]), yuan(chance, 1000, 20_000))
            for since in sorted({date(2022, 12, 1), month, chance.choice([date(2022, 11, 1), date(2024, 3, 1)])})
            if chance.random() < 0.2
        ),
    )


def write(region: PoolingRegion, stories: list[Story], month: date) -> list[Member]:
    """The people's rows, all at once; there is nothing to decide in them."""
    members = Member.objects.bulk_create(
        Member(
            region=region,
            member_number=f"L{number:05d}",
            name="测试",
            identity_hash=f"{region.pk}-{number}",
            sex=Sex.MALE,
            birth_date=each.birth_date,
            died_on=each.died_on,
            old_retiree_credit=each.old_retiree_credit,
            contribution_months=each.contribution_months,
        )
        for number, each in enumerate(stories)
    )
    pairs = list(zip(members, stories, strict=True))
    Enrollment.objects.bulk_create(
        Enrollment(member=member, period=period, **{name: getattr(how, name) for name in Insured._fields[1:]})
        for member, each in pairs
        for how, period in periods(each)
    )
    Contribution.objects.bulk_create(
        Contribution(member=member, month=month, base=each.base, received_on=each.received_on)
        for member, each in pairs
        if each.base is not None
    )
    CivilServantBasis.objects.bulk_create(
        CivilServantBasis(member=member, since=since, kind=kind, amount=amount)
        for member, each in pairs
        for since, kind, amount in each.bases
        if not is_active_flexible(each, last_day_of_month(since))
    )
    return members


def periods(each: Story) -> list[tuple[Insured, DateRange]]:
    ends = [following.since for following in each.insured[1:]]
    end = each.last_day + timedelta(days=1) if each.last_day else None
    return [(how, DateRange(how.since, upper)) for how, upper in zip(each.insured, [*ends, end], strict=True)]


def is_active_flexible(each: Story, day: date) -> bool:
    """Whether the enrollments written for the story say so; nobody has a basis then."""
    return any(
        (how.status, how.employment) == (InsuredStatus.ACTIVE, Employment.FLEXIBLE)
        for how, period in periods(each)
        if period.lower <= day and (period.upper is None or day < period.upper)
    )


def insured_on(each: Story, day: date) -> Insured | None:
    """How somebody is insured on a day, from the story alone; nobody is after death or after the last day."""
    if any(limit is not None and day > limit for limit in (each.died_on, each.last_day)):
        return None
    return next((how for how in reversed(each.insured) if how.since <= day), None)


def facts_of(each: Story, policy: Policy, month: date) -> CreditFacts | None:
    """What decides the month: its last day or the day of death, or its first where changes count from the next."""
    last = last_day_of_month(month)
    if each.died_on is not None and each.died_on < month:
        return None
    deciding = insured_on(each, min(last, each.died_on or last))
    if deciding is not None and policy.conversion_from == ConversionFrom.NEXT_MONTH:
        deciding = insured_on(each, month) or deciding
    if deciding is None:
        return None
    bases = [
        (kind, amount)
        for since, kind, amount in each.bases
        if since <= month and not is_active_flexible(each, last_day_of_month(since))
    ]
    is_retired = deciding.status == InsuredStatus.RETIRED
    held = [amount for kind, amount in bases if (kind == BasisKind.FIRST_PENSION) == is_retired]
    return CreditFacts(
        birth_date=each.birth_date,
        status=deciding.status,
        employment=deciding.employment,
        scheme=deciding.scheme,
        had_account_before=deciding.had_account_before,
        base=each.base if each.received_on <= last else None,
        old_retiree_credit=each.old_retiree_credit,
        contribution_months=each.contribution_months,
        civil_servant_basis=held[-1] if held else None,
        lacks_civil_servant_basis=bool(bases) and not held,
    )


def averages(region: PoolingRegion, chance: random.Random) -> dict[int, Pension]:
    """Final averages of 2021 and 2022, and one of 2023 that may not be final yet."""
    for year, final in [(2021, True), (2022, True), (2023, chance.random() < 0.5)]:
        builder.average_pension(region, year, yuan(chance, 2000, 5000), is_final=final)
    return pensions_of(region)


@pytest.mark.parametrize(("slug", "month"), MONTHS, ids=[f"{slug} {month:%Y-%m}" for slug, month in MONTHS])
def test_the_run_posts_what_the_engine_finds_for_everybody(slug: str, month: date) -> None:
    chance = random.Random(f"{slug} {month}")
    if slug in INVENTED:
        load_pack(INVENTED[slug])
    region = builder.region(slug)
    pensions = averages(region, chance)
    stories = [story(chance, month) for _ in range(PEOPLE)]
    members = write(region, stories, month)
    maker, checker = builder.staff("maker"), builder.staff("checker")
    last = last_day_of_month(month)
    run = draft_run(region, month=month, as_of=last, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    approve_run(run, actor=checker)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)

    posted: dict[int, dict[str, tuple[Decimal, Decimal | None, int]]] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(month=month).values_list("credit__member", "component", "amount", "basis", "rule")
    for number, component, amount, basis, rule in rows:
        assert number is not None
        assert component not in posted[number]
        posted[number][component] = (amount, basis, rule)
    missing: dict[int, dict[str, str]] = defaultdict(dict)
    for number, component, reason in run.exceptions.values_list("member", "component", "reason"):
        missing[number][component] = reason

    policy = policy_in_force(region, last)
    found_posted, found_missing = {}, {}
    for member, each in zip(members, stories, strict=True):
        facts = facts_of(each, policy, month)
        found = () if facts is None else monthly_credits(policy, facts, month, pensions)
        if due := {
            credit.term.component.value: (credit.amount, credit.basis, credit.term.rule_id)
            for credit in found
            if credit.amount
        }:
            found_posted[member.pk] = due
        if lacking := {
            credit.term.component.value: credit.missing.value for credit in found if credit.missing is not None
        }:
            found_missing[member.pk] = lacking
    assert found_posted == dict(posted)
    assert found_missing == dict(missing)
    assert len(posted) > PEOPLE // 10
    run.refresh_from_db()
    ahead = LedgerEntry.objects.exclude(month=month)
    in_advance = {term.rule_id for term in policy.credits if term.schedule == CreditSchedule.YEAR_IN_ADVANCE}
    assert set(ahead.values_list("rule", flat=True)) == in_advance
    assert run.entry_count == sum(map(len, posted.values())) + ahead.count()
    own = sum(amount for each in found_posted.values() for amount, _basis, _rule in each.values())
    assert run.amount == own + sum(ahead.values_list("amount", flat=True))
