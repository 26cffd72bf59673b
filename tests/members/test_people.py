"""Who is known to a region: identity, death, personal standards."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from stdnum.cn import ric

from agency.exceptions import DomainError
from members.admin.search import matching
from members.documents import IdentityNumberRefused, check_identity_number
from members.models import ChangeCause, CivilServantBasis, EntitlementChange, IdentityDocument, Member, Sex
from members.models.contributions import BasisKind
from members.selectors import enrollment_on, find_by_identity
from members.services.enrollments import convert_to_retired
from members.services.people import (
    record_death,
    register_member,
    set_civil_servant_basis,
    set_contribution_months,
    set_old_standard,
)
from tests.builder import REASON, a_member, insured, region

BORN = date(1980, 5, 1)
DIED = date(2023, 3, 15)


def numbered(body: str) -> str:
    """The seventeen digits with their check digit."""
    return body + ric.calc_check_digit(body + "0")


MAN = numbered("62080019800501001")
WOMAN = numbered("62080019800501002")
WRONG = MAN[:-1] + ("0" if MAN[-1] != "0" else "1")
FULL_WIDTH = MAN.translate({ord(digit): ord("０") + int(digit) for digit in "0123456789"})


def changes(member: Member) -> list[tuple[str, date, date | None, date]]:
    """What the credit runs have to look at, latest first."""
    rows = EntitlementChange.objects.filter(member=member).order_by("-pk")
    return list(rows.values_list("cause", "first_month", "last_month", "known_on"))


# Identity numbers


@pytest.mark.parametrize(
    ("typed", "sex"),
    [
        (MAN, Sex.MALE),
        (WOMAN, Sex.FEMALE),
        (f" {MAN} ", Sex.MALE),
        (MAN.lower(), Sex.MALE),
        (FULL_WIDTH, Sex.MALE),
    ],
    ids=["man", "woman", "spaces around", "small x", "full-width digits"],
)
def test_a_right_number_is_kept_in_one_form_however_it_is_typed(typed: str, sex: Sex) -> None:
    assert check_identity_number(typed, birth_date=BORN, sex=sex).number == (MAN if sex == Sex.MALE else WOMAN)


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        (WRONG, BORN, Sex.MALE),
        (MAN[:-1], BORN, Sex.MALE),
        (MAN + "1", BORN, Sex.MALE),
        ("", BORN, Sex.MALE),
        ("620800800501001", BORN, Sex.MALE),
        ("A" + MAN[1:], BORN, Sex.MALE),
        ("²" + MAN[1:], BORN, Sex.MALE),
        ("٦" + MAN[1:], BORN, Sex.MALE),
        (MAN[:5] + "1" + MAN[6:], BORN, Sex.MALE),
        (MAN, date(1980, 5, 2), Sex.MALE),
        (MAN, date(1981, 5, 1), Sex.MALE),
        (numbered("62080019800230001"), date(1980, 2, 29), Sex.MALE),
        (numbered("62080019801301001"), date(1980, 12, 1), Sex.MALE),
        (MAN, BORN, Sex.FEMALE),
        (WOMAN, BORN, Sex.MALE),
        (MAN, BORN, ""),
    ],
    ids=[
        "check digit",
        "too short",
        "too long",
        "empty",
        "fifteen digits",
        "letter",
        "superscript digit",
        "digit of another script",
        "one digit mistyped",
        "another day of birth",
        "another year of birth",
        "no such day",
        "no such month",
        "a man's number for a woman",
        "a woman's number for a man",
        "no sex",
    ],
)
def test_a_number_that_cannot_be_this_persons_is_refused_and_not_repeated(
    number: str, birth_date: date, sex: str
) -> None:
    with pytest.raises(IdentityNumberRefused) as refusal:
        check_identity_number(number, birth_date=birth_date, sex=sex)
    assert refusal.value.details == {"field": "identity_number"}
    assert not number or number not in str(refusal.value)


@pytest.mark.django_db
def test_a_person_is_found_by_identity_number_in_their_region_only() -> None:
    member = a_member(region("pingliang"), identity_number=f" {MAN.lower()}")
    assert member.identity_number == MAN
    assert find_by_identity(region("pingliang"), MAN) == member
    assert find_by_identity(region("pingliang"), MAN.lower()) == member
    assert find_by_identity(region("dazhou"), MAN) is None
    assert find_by_identity(region("pingliang"), WOMAN) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({"identity_number": MAN}, "identity_number"),
        ({"identity_number": FULL_WIDTH}, "identity_number"),
        ({"member_number": "A1"}, "member_number"),
        ({"old_retiree_credit": Decimal("-0.01")}, "old_retiree_credit"),
        ({"old_retiree_credit": Decimal("88.005")}, "old_retiree_credit"),
        ({"known_on": date(1980, 4, 30)}, "birth_date"),
    ],
)
def test_a_person_is_not_registered_with(second: dict[str, Any], field: str) -> None:
    first = a_member(region("pingliang"), member_number="A1", identity_number=MAN)
    with pytest.raises(DomainError) as refusal:
        a_member(region("pingliang"), **second)
    assert refusal.value.details == {"field": field}
    assert list(Member.objects.all()) == [first]


@pytest.mark.django_db
def test_a_person_is_registered_by_any_document_and_found_by_it() -> None:
    born = {"sex": Sex.FEMALE, "birth_date": BORN}
    here = region("pingliang")
    foreign = a_member(here, document_kind=IdentityDocument.FOREIGN_PASSPORT, identity_number="e12345678", **born)
    assert find_by_identity(here, " E1234 5678") == foreign
    with pytest.raises(DomainError) as refusal:
        a_member(here, document_kind=IdentityDocument.FOREIGN_PASSPORT, identity_number="E12345678", **born)
    assert refusal.value.details == {"field": "identity_number"}
    a_member(here, document_kind=IdentityDocument.CHINESE_PASSPORT, identity_number="E12345678", **born)
    assert find_by_identity(here, "E12345678") is None


@pytest.mark.django_db
def test_a_card_says_what_nobody_entered() -> None:
    facts: dict[str, Any] = {"member_number": "A1", "name": " 张　伟 ", "identity_number": MAN, "reason": REASON}
    member = register_member(region("pingliang"), **facts)
    assert (member.name, member.document_kind, member.sex, member.birth_date) == ("张伟", "resident_card", "M", BORN)


@pytest.mark.django_db
def test_the_database_refuses_one_document_twice_in_a_region() -> None:
    facts = {"identity_number": "E12345678", "sex": Sex.FEMALE, "birth_date": BORN, "name": "ANN"}
    kinds = (IdentityDocument.FOREIGN_PASSPORT, IdentityDocument.CHINESE_PASSPORT)
    for number, kind in enumerate(kinds):
        Member.objects.create(region=region("pingliang"), member_number=number, document_kind=kind, **facts)
    with pytest.raises(IntegrityError, match="a_person_is_a_member_once_per_region"), transaction.atomic():
        Member.objects.create(region=region("pingliang"), member_number="2", document_kind=kinds[0], **facts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉•买"),
        ("阿卜杜拉・买买提", "阿卜杜拉.买买提"),
        ("ALICE EXAMPLE", "alice  ex"),
        ("Müller", "mü"),
        ("J. R. O'Example (senior)", "j. r. o'example (sen"),
        ("𠮷田", "𠮷"),
        ("张伟", "张　伟"),
    ],
)
def test_a_name_is_searched_in_the_form_in_which_it_is_stored(name: str, term: str) -> None:
    member = a_member(region("pingliang"), name=name)
    a_member(region("pingliang"), name="XJ. R. O")
    assert list(Member.objects.filter(matching(term))) == [member]


@pytest.mark.django_db
def test_the_same_person_and_number_may_be_known_to_another_region() -> None:
    a_member(region("pingliang"), member_number="A1", identity_number=MAN)
    a_member(region("dazhou"), member_number="A1", identity_number=MAN)
    assert Member.objects.filter(member_number="A1").count() == 2


@pytest.mark.django_db
def test_somebody_born_on_the_day_of_registration_is_registered() -> None:
    assert a_member(region("pingliang"), known_on=BORN).birth_date == BORN


# Death


@pytest.mark.django_db
def test_a_death_ends_the_enrollment_with_its_day_and_marks_the_months_after() -> None:
    member = insured(region("pingliang"))
    record_death(member, died_on=DIED, known_on=date(2023, 4, 10), reason=REASON)
    member.refresh_from_db()
    assert member.died_on == DIED
    assert member.enrollments.get().period == DateRange(date(2022, 1, 1), date(2023, 3, 16))
    assert changes(member)[0] == (ChangeCause.DEATH, date(2023, 3, 1), None, date(2023, 4, 10))


@pytest.mark.django_db
def test_an_enrollment_that_had_ended_before_the_death_stays_as_it_was() -> None:
    member = insured(region("pingliang"))
    ended = DateRange(date(2022, 1, 1), date(2023, 1, 1))
    member.enrollments.update(period=ended)
    record_death(member, died_on=DIED, known_on=DIED, reason=REASON)
    assert member.enrollments.get().period == ended


@pytest.mark.django_db
def test_a_death_reported_late_cuts_short_the_enrollment_that_held_that_day() -> None:
    member = insured(region("pingliang"))
    convert_to_retired(member, retired_from=date(2023, 5, 1), known_on=date(2023, 5, 1), reason=REASON)
    record_death(member, died_on=DIED, known_on=date(2023, 6, 1), reason=REASON)
    member.refresh_from_db()
    first = member.enrollments.order_by("period")[0]
    assert first.period == DateRange(date(2022, 1, 1), date(2023, 3, 16))
    assert enrollment_on(member, DIED) == first
    assert enrollment_on(member, date(2023, 3, 16)) is None
    assert enrollment_on(member, date(2023, 5, 1)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("died_on", "known_on"),
    [(date(1980, 4, 30), DIED), (date(2023, 3, 16), DIED)],
    ids=["before birth", "in the future"],
)
def test_a_death_is_not_recorded(died_on: date, known_on: date) -> None:
    member = insured(region("pingliang"))
    with pytest.raises(DomainError):
        record_death(member, died_on=died_on, known_on=known_on, reason=REASON)
    member.refresh_from_db()
    assert member.died_on is None
    assert member.enrollments.get().period.upper is None


@pytest.mark.django_db
def test_somebody_dies_once() -> None:
    member = insured(region("pingliang"))
    record_death(member, died_on=DIED, known_on=DIED, reason=REASON)
    with pytest.raises(DomainError):
        record_death(member, died_on=DIED, known_on=DIED, reason=REASON)
    assert [cause for cause, *_rest in changes(member)].count(ChangeCause.DEATH) == 1


# Personal standards


@pytest.mark.django_db
def test_an_old_standard_marks_every_month_and_can_be_unset() -> None:
    member = insured(region("zaozhuang"))
    for amount in (Decimal("88.50"), Decimal("0.00"), None):
        set_old_standard(member, amount=amount, known_on=DIED, reason=REASON)
        member.refresh_from_db()
        assert member.old_retiree_credit == amount
        assert changes(member)[0] == (ChangeCause.OLD_STANDARD, date(1980, 5, 1), None, DIED)


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["-0.01", "88.005"])
def test_an_old_standard_is_refused(amount: str) -> None:
    member = insured(region("zaozhuang"))
    with pytest.raises(DomainError):
        set_old_standard(member, amount=Decimal(amount), known_on=DIED, reason=REASON)
    member.refresh_from_db()
    assert member.old_retiree_credit is None


@pytest.mark.django_db
def test_contribution_months_mark_every_month_and_can_be_unset() -> None:
    member = insured(region("zaozhuang"))
    for months in (0, 264, 1200, None):
        set_contribution_months(member, months=months, known_on=DIED, reason=REASON)
        member.refresh_from_db()
        assert member.contribution_months == months
        assert changes(member)[0] == (ChangeCause.CONTRIBUTION_MONTHS, date(1980, 5, 1), None, DIED)


@pytest.mark.django_db
@pytest.mark.parametrize("months", [-1, 1201])
def test_contribution_months_of_no_life_are_refused(months: int) -> None:
    member = insured(region("zaozhuang"))
    with pytest.raises(DomainError):
        set_contribution_months(member, months=months, known_on=DIED, reason=REASON)
    member.refresh_from_db()
    assert member.contribution_months is None


def set_basis(member: Member, since: date, amount: str, kind: BasisKind = BasisKind.TRAINEE_PAY) -> CivilServantBasis:
    """The sum that the civil-servant subsidy is a share of."""
    return set_civil_servant_basis(member, since=since, kind=kind, amount=Decimal(amount), known_on=DIED, reason=REASON)


@pytest.mark.django_db
def test_a_basis_holds_from_its_month_and_a_second_one_of_that_month_corrects_it() -> None:
    member = insured(region("zaozhuang"))
    set_basis(member, date(2023, 1, 20), "4000.00")
    assert changes(member)[0] == (ChangeCause.CIVIL_SERVANT_BASIS, date(2023, 1, 1), None, DIED)
    set_basis(member, date(2023, 1, 1), "4100.00")
    set_basis(member, date(2023, 7, 1), "5000.00", BasisKind.CONFIRMED_PAY)
    held = member.civil_servant_bases.order_by("since").values_list("since", "kind", "amount")
    assert list(held) == [
        (date(2023, 1, 1), "trainee_pay", Decimal("4100.00")),
        (date(2023, 7, 1), "confirmed_pay", Decimal("5000.00")),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0.00", "-1.00", "4000.001"])
def test_a_basis_is_refused(amount: str) -> None:
    member = insured(region("zaozhuang"))
    with pytest.raises(DomainError):
        set_basis(member, date(2023, 1, 1), amount)
    assert not member.civil_servant_bases.exists()


# Past the services


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"died_on": date(1980, 4, 30)}, "nobody_dies_before_birth"),
        ({"old_retiree_credit": Decimal("-0.01")}, "an_old_standard_is_not_negative"),
        ({"contribution_months": 1201}, "contribution_months_are_those_of_a_life"),
        ({"member_number": "A1"}, "a_member_number_is_used_once_per_region"),
    ],
)
def test_the_database_refuses_a_member_with(values: dict[str, Any], constraint: str) -> None:
    a_member(region("pingliang"), member_number="A1")
    member = a_member(region("pingliang"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(**values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"since": date(2023, 1, 2)}, "civilservantbasis_since_is_a_first_day"),
        ({"since": date(2023, 1, 1)}, "one_civil_servant_basis_begins_in_a_month"),
        ({"since": date(2023, 2, 1), "amount": Decimal("0.00")}, "a_civil_servant_basis_is_positive"),
    ],
)
def test_the_database_refuses_a_basis_with(values: dict[str, Any], constraint: str) -> None:
    member = insured(region("zaozhuang"))
    set_basis(member, date(2023, 1, 1), "4000.00")
    facts: dict[str, Any] = {"kind": BasisKind.TRAINEE_PAY, "amount": Decimal("1.00")} | values
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CivilServantBasis.objects.create(member=member, **facts)
