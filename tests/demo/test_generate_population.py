"""A region filled by COPY: what is written is what the services would have written, and credits come out right."""

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from pytest_django import Settings

from accounts.models import CreditException, LedgerEntry
from accounts.selectors.credits import explain_credits
from agency.models import PoolingRegion
from demo.population.mass import Resident, Town, person
from demo.population.places import PLACES
from demo.population.writing import town_of
from members.admin.search import matching
from members.documents import check_identity_number
from members.models import ChangeCause, CivilServantBasis, Contribution, Enrollment, EntitlementChange, Member
from members.models.contributions import BasisKind
from members.services.contributions import record_contribution
from members.services.enrollments import enroll
from members.services.people import record_death, register_member, set_civil_servant_basis
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from policies.models import AveragePension
from tests import builder
from tests.builder.credit_runs import posted

MONTHS = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
ENDS = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31))
PEOPLE = 300
ONE_COUNTY = Town(("370402",), MONTHS, date(2022, 12, 1), True, True, True)


@pytest.fixture(autouse=True)
def _development(settings: Settings) -> None:
    settings.DEBUG = True


def generate(slug: str = "zaozhuang", *more: str, members: int = PEOPLE, seed: int = 1, until: str = "2024-03") -> str:
    out = StringIO()
    words = ["--region", slug, "--members", str(members), "--months", "3", "--until", until, "--seed", str(seed)]
    call_command("generate_population", *words, *more, stdout=out)
    return out.getvalue()


def people(region: PoolingRegion, seed: int = 1, count: int = PEOPLE, first: int = 0) -> list[Resident]:
    town = town_of(region, MONTHS)
    return [person(town, seed, number) for number in range(first, first + count)]


def yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def rows(member: Member) -> dict[str, list[dict[str, Any]]]:
    """Everything that the tables hold about somebody, less ids and the region's own number of the person."""
    held: list[type[Model]] = [Enrollment, Contribution, CivilServantBasis, EntitlementChange]
    found = {
        model.__name__: sorted(model._default_manager.filter(member=member).values(), key=lambda row: row["id"])
        for model in held
    }
    found["Member"] = [{**row} for row in Member.objects.filter(pk=member.pk).values()]
    for kind in found.values():
        for row in kind:
            for name in ("id", "member_id", "region_id"):
                row.pop(name, None)
        kind.sort(key=lambda row: str(sorted(row.items(), key=str)))
    return found


def register(region: PoolingRegion, resident: Resident) -> Member:
    """The same person by the services, each fact when it became known."""
    old = resident.old_retiree_credit_fen
    member = register_member(
        region,
        member_number=resident.member_number,
        name=resident.name,
        identity_number=resident.identity_number,
        sex=resident.sex,
        birth_date=resident.birth_date,
        employer=resident.employer,
        old_retiree_credit=None if old is None else yuan(old),
        reason="test",
    )
    for how in resident.enrollments:
        enroll(
            member,
            since=how.since,
            scheme=AccountScheme(how.scheme),
            employment=Employment(how.employment),
            status=InsuredStatus(how.status),
            had_account_before=how.had_account_before,
            known_on=how.since,
            reason="test",
        )
    for paid in resident.contributions:
        record_contribution(
            member, month=paid.month, base=yuan(paid.base_fen), received_on=paid.received_on, reason="test"
        )
    if resident.basis is not None:
        since, kind, amount = resident.basis
        set_civil_servant_basis(
            member, since=since, kind=BasisKind(kind), amount=yuan(amount), known_on=since, reason="test"
        )
    if resident.died_on is not None:
        record_death(member, died_on=resident.died_on, known_on=resident.died_on, reason="test")
    return member


@pytest.mark.django_db
def test_the_rows_are_those_of_the_services() -> None:
    region, elsewhere = builder.region("zaozhuang"), builder.region("pingliang")
    generate()
    generated = {member.member_number: member for member in Member.objects.filter(region=region)}
    assert len(generated) == PEOPLE
    for resident in people(region):
        assert rows(generated[resident.member_number]) == rows(register(elsewhere, resident))
    assert not Member.history.filter(region=region).exists()


@pytest.mark.django_db
def test_there_are_people_of_every_kind() -> None:
    region = builder.region("zaozhuang")
    generate()
    insured = set(Enrollment.objects.values_list("status", "employment"))
    assert insured == {(status, work) for status in ("active", "retired") for work in ("employee", "flexible")}
    payers = Member.objects.filter(contributions__isnull=False).distinct()
    assert payers.count() > PEOPLE // 2
    assert payers.exclude(contributions__month=MONTHS[-1]).exists()
    assert Contribution.objects.filter(month=MONTHS[0], received_on__gt=ENDS[0]).exists()
    assert not Contribution.objects.filter(received_on__gt=ENDS[-1]).exists()
    assert CivilServantBasis.objects.exists()
    assert Member.objects.filter(old_retiree_credit__isnull=False, enrollments__status="retired").exists()
    assert any(each.died_on for each in people(region, count=3000))


@pytest.mark.django_db
def test_identity_numbers_are_valid_encrypted_and_found() -> None:
    region = builder.region("zaozhuang")
    generate(members=50)
    for resident, member in zip(people(region, count=50), Member.objects.order_by("member_number"), strict=True):
        number = check_identity_number(resident.identity_number, birth_date=member.birth_date, sex=member.sex).number
        assert member.identity_number == number
        assert list(Member.objects.filter(matching(number))) == [member]
        member.full_clean()
    stored = Member.objects.extra(select={"stored": "identity_number"}).values_list("stored", flat=True)
    assert not any("3704" in text for text in stored)


def test_no_two_numbers_share_an_identity_number() -> None:
    some = [*range(3000), *range(3000, ONE_COUNTY.capacity, ONE_COUNTY.capacity // 3000)]
    assert len({person(ONE_COUNTY, number % 3, number).identity_number for number in some}) == len(some)
    assert ONE_COUNTY.capacity > 1_000_000


def test_a_seed_always_makes_the_same_person_and_another_seed_another() -> None:
    assert person(ONE_COUNTY, 5, 17) == person(ONE_COUNTY, 5, 17)
    assert [person(ONE_COUNTY, 5, each).birth_date for each in range(20)] != [
        person(ONE_COUNTY, 6, each).birth_date for each in range(20)
    ]


def test_only_some_without_a_reason_to_are_insured_without_an_account() -> None:
    residents = [person(ONE_COUNTY, 1, number) for number in range(2000)]
    pooled_only = [each for each in residents if each.enrollments[0].scheme == "pooled_only"]
    assert pooled_only
    assert all(each.enrollments[0].employment == "flexible" for each in pooled_only)
    plain = Town(("370402",), MONTHS, date(2022, 12, 1), False, False, False)
    assert {person(plain, 1, each).enrollments[0].scheme for each in range(200)} == {"combined"}
    assert {person(plain, 1, each).old_retiree_credit_fen for each in range(200)} == {None}
    assert {person(plain, 1, each).basis for each in range(200)} == {None}


@pytest.mark.django_db
def test_three_runs_post_what_the_engine_explains_late_contributions_too() -> None:
    """Whoever paid January late is not credited for it in January; February's run makes up for it."""
    region, maker, checker = builder.region("zaozhuang"), builder.staff("maker"), builder.staff("checker")
    generate("zaozhuang", "--illustrative-pension", "3300")
    late = set(Contribution.objects.filter(month=MONTHS[0], received_on__gt=ENDS[0]).values_list("member", flat=True))
    runs = [posted(region, month, end, maker, checker) for month, end in zip(MONTHS, ENDS, strict=True)]
    made_up = LedgerEntry.objects.filter(cause__startswith=f"credit_run:{runs[1].pk}:", month=MONTHS[0])
    employees = Enrollment.objects.filter(member__in=late, employment="employee").values_list("member", flat=True)
    assert late
    assert set(made_up.filter(component="personal").values_list("credit__member", flat=True)) == set(employees)
    credited = 0
    for member in Member.objects.filter(region=region):
        for month in MONTHS:
            entries = LedgerEntry.objects.filter(credit__member=member, month=month)
            found = {entry.component: entry.amount for entry in entries}
            assert len(found) == len(entries)
            due = explain_credits(member, month, ENDS[-1])
            assert found == {credit.term.component: credit.amount for credit in due if credit.amount}
            credited += len(found)
    assert credited > 2 * PEOPLE
    assert CreditException.objects.filter(run=runs[2], reason="no_contribution").exists()
    assert not CreditException.objects.filter(reason="no_average_pension").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [place.slug for place in PLACES])
def test_every_region_can_be_filled_and_its_month_checked(slug: str) -> None:
    region, maker, checker = builder.region(slug), builder.staff("maker"), builder.staff("checker")
    generate(slug, "--illustrative-pension", "3000", members=60, until="2023-03")
    assert posted(region, date(2023, 3, 1), date(2023, 3, 31), maker, checker).entry_count > 20
    place, town = next(place for place in PLACES if place.slug == slug), town_of(region, MONTHS)
    assert town.has_pooled_only == place.has_pooled_only
    assert town.has_old_standard == place.has_old_standard
    assert town.counties == tuple(place.counties)


@pytest.mark.django_db
def test_another_seed_adds_people_and_the_same_one_is_refused() -> None:
    region = builder.region("zaozhuang")
    generate(members=20)
    generate(members=30, seed=2)
    numbers = list(Member.objects.order_by("member_number").values_list("member_number", flat=True))
    assert numbers == [f"G000001-{each:08d}" for each in range(20)] + [f"G000002-{each:08d}" for each in range(20, 50)]
    with pytest.raises(CommandError, match="the people of seed 1 already: choose another"):
        generate(members=20)
    assert Member.objects.filter(region=region).count() == 50


@pytest.mark.django_db
def test_nothing_is_added_where_somebody_has_one_of_the_numbers() -> None:
    region = builder.region("zaozhuang")
    twin = people(region)[7]
    builder.a_member(region, identity_number=twin.identity_number, sex=twin.sex, birth_date=twin.birth_date)
    with pytest.raises(CommandError, match=r"Nothing was added: somebody in .* has an identity number"):
        generate()
    assert Member.objects.count() == 1


@pytest.mark.django_db
def test_more_people_than_there_are_numbers_are_refused() -> None:
    with pytest.raises(CommandError, match="has identity numbers for 7866480 more invented people"):
        # 6 counties × 449 pairs × 365 days × 8 years of birth = 7,866,480
        generate(members=7_866_481)
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_average_pensions_are_asked_for_and_never_replaced() -> None:
    region = builder.region("zaozhuang")
    assert "has no average pension of 2023, so some retirees" in generate(members=5)
    assert not AveragePension.objects.exists()
    generate("zaozhuang", "--illustrative-pension", "3210.50", members=5, seed=2)
    (recorded,) = AveragePension.objects.filter(region=region)
    assert (recorded.year, recorded.monthly, recorded.is_final) == (2023, Decimal("3210.50"), True)
    assert "illustrative" in recorded.source
    assert "no average pension" not in generate("zaozhuang", "--illustrative-pension", "1", members=5, seed=3)
    (unchanged,) = AveragePension.objects.filter(region=region)
    assert unchanged.monthly == Decimal("3210.50")
    # In 2023 the rules rest on 2022, and 2021 stands in for it.
    builder.average_pension(region, 2021, Decimal(3000))
    assert "no average pension" not in generate(members=5, seed=4, until="2023-12")


@pytest.mark.django_db
def test_a_production_office_is_left_alone(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        generate(members=5)
    assert not Member.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--region", "atlantis"], "There is no region atlantis. Known are: baoshan, dazhou, "),
        (["--region", "zaozhuang", "--members", "0"], "0 is no whole number from 1 on"),
        (["--region", "zaozhuang", "--months", "-1"], "-1 is no whole number from 1 on"),
        (["--region", "zaozhuang", "--seed", "1000000"], "1000000 is no whole number from 0 to 999999"),
        (["--region", "zaozhuang", "--until", "2024-13"], "2024-13 is no month: give YYYY-MM"),
        (["--region", "zaozhuang", "--until", "2999-01"], "2999-01 is not over yet"),
        (["--region", "zaozhuang", "--illustrative-pension", "much"], "much is no amount of yuan"),
        (["--region", "zaozhuang", "--members", "5", "--illustrative-pension", "0.00"], "0.00 is no amount of yuan"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(words: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("generate_population", *words, stdout=StringIO())
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_a_change_is_noted_for_every_fact() -> None:
    region = builder.region("zaozhuang")
    generate()
    noted = EntitlementChange.objects.filter(member__region=region)
    facts = {
        ChangeCause.ENROLLMENT: Enrollment.objects.count(),
        ChangeCause.CONTRIBUTION: Contribution.objects.count(),
        ChangeCause.CIVIL_SERVANT_BASIS: CivilServantBasis.objects.count(),
        ChangeCause.DEATH: Member.objects.filter(died_on__isnull=False).count(),
    }
    assert {cause: noted.filter(cause=cause).count() for cause in facts} == facts
