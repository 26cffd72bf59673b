"""Out-of-area registrations, family doctors, stays and special nursing: days inside, never twice on one day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError
from members.models import FamilyDoctorContract, HospitalStay, Member, OutOfAreaRegistration, SpecialNursing
from members.services.registrations import (
    record_hospital_stay,
    record_special_nursing,
    register_out_of_area,
    sign_family_doctor,
)
from policies.engine.vocabulary import OutOfAreaKind
from tests.builder import REASON, a_member, insured, region
from tests.builder.providers import a_provider

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2023, 3, 10), date(2023, 3, 20)
_REGISTER: dict[str, Callable[[Member, date, date | None], Any]] = {
    "out of area": lambda member, since, until: register_out_of_area(
        member, kind=OutOfAreaKind.REFERRAL, since=since, until=until, reason=REASON
    ),
    "hospital stay": lambda member, since, until: record_hospital_stay(member, since=since, until=until, reason=REASON),
    "special nursing": lambda member, since, until: record_special_nursing(
        member, since=since, until=until, reason=REASON
    ),
    # Another institution every time: whoever has signed with one has not with another.
    "family doctor": lambda member, since, until: sign_family_doctor(
        member, provider=a_provider(member.region), since=since, until=until, reason=REASON
    ),
}
each_kind = pytest.mark.parametrize("kind", _REGISTER)


@pytest.fixture
def member() -> Member:
    return insured(region("zaozhuang"))


@each_kind
@pytest.mark.parametrize(
    ("since", "until", "period"),
    [
        (SINCE, UNTIL, DateRange(SINCE, date(2023, 3, 21))),
        (SINCE, SINCE, DateRange(SINCE, date(2023, 3, 11))),
        (SINCE, None, DateRange(SINCE, None)),
    ],
    ids=["both days inside", "one day", "while it lasts"],
)
def test_first_and_last_day_are_inside(
    kind: str, since: date, until: date | None, period: DateRange, member: Member
) -> None:
    made = _REGISTER[kind](member, since, until)
    made.refresh_from_db()
    assert made.period == period


@each_kind
@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (date(2023, 3, 1), date(2023, 3, 9), True),
        (date(2023, 3, 1), SINCE, False),
        (SINCE, UNTIL, False),
        (date(2023, 3, 12), date(2023, 3, 12), False),
        (date(2023, 3, 1), None, False),
        (UNTIL, None, False),
        (date(2023, 3, 21), None, True),
    ],
)
def test_a_day_is_registered_once(kind: str, since: date, until: date | None, allowed: bool, member: Member) -> None:
    first = _REGISTER[kind](member, SINCE, UNTIL)
    if kind == "hospital stay" and (until == SINCE or since == UNTIL):
        allowed = True  # The patient is moved to another hospital.
    if allowed:
        _REGISTER[kind](member, since, until)
    else:
        with pytest.raises(DomainError):
            _REGISTER[kind](member, since, until)
    assert type(first).objects.filter(member=member).count() == 1 + allowed


@each_kind
def test_a_period_that_ends_before_it_begins_is_refused(kind: str, member: Member) -> None:
    with pytest.raises(DomainError):
        _REGISTER[kind](member, UNTIL, SINCE)
    for model in (FamilyDoctorContract, HospitalStay, OutOfAreaRegistration, SpecialNursing):
        assert not model._default_manager.exists()


def test_a_family_doctor_is_one_of_the_region(member: Member) -> None:
    with pytest.raises(DomainError) as caught:
        sign_family_doctor(member, provider=a_provider(region("dazhou")), since=SINCE, reason=REASON)
    assert caught.value.details["field"] == "provider"
    assert not FamilyDoctorContract.objects.exists()


@pytest.mark.parametrize(
    ("period", "constraint"),
    [
        (DateRange(UNTIL, None), "a_member_has_one_family_doctor_at_a_time"),
        (DateRange(None, date(2023, 1, 1)), "a_family_doctor_contract_has_a_first_day"),
    ],
)
def test_the_database_refuses_a_second_family_doctor(period: DateRange, constraint: str, member: Member) -> None:
    _REGISTER["family doctor"](member, SINCE, None)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FamilyDoctorContract.objects.create(member=member, provider=a_provider(member.region), period=period)


def test_two_kinds_of_out_of_area_care_may_hold_on_one_day_and_other_people_have_their_own(member: Member) -> None:
    for kind in OutOfAreaKind:
        register_out_of_area(member, kind=kind, since=SINCE, reason=REASON)
    _REGISTER["out of area"](a_member(region("zaozhuang")), SINCE, None)
    _REGISTER["hospital stay"](member, SINCE, None)
    _REGISTER["special nursing"](member, SINCE, None)
    assert member.out_of_area_registrations.count() == len(OutOfAreaKind)


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (OutOfAreaRegistration, {"kind": "referral"}, "out_of_area_registrations_of_a_kind_never_overlap"),
        (HospitalStay, {}, "hospitalstay_periods_never_overlap"),
        (SpecialNursing, {}, "specialnursing_periods_never_overlap"),
    ],
)
def test_the_database_refuses_two_on_one_day(
    model: Any, values: dict[str, str], constraint: str, member: Member
) -> None:
    model.objects.create(member=member, period=DateRange(SINCE, None), **values)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(member=member, period=DateRange(UNTIL, None), **values)


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (UNTIL, UNTIL, True),
        (UNTIL, None, True),
        (SINCE, SINCE, True),
        (date(2023, 3, 11), date(2023, 3, 11), False),
        (date(2023, 3, 19), None, False),
        (date(2023, 3, 1), date(2023, 3, 11), False),
        (SINCE, UNTIL, False),
    ],
)
def test_a_stay_begins_on_the_last_day_of_another_and_not_before(
    since: date, until: date | None, allowed: bool, member: Member
) -> None:
    """Beside one from 10 to 20 March. One of a single day stands between two others on the day of both moves."""
    record_hospital_stay(member, since=SINCE, until=UNTIL, reason=REASON)
    if not allowed:
        with pytest.raises(DomainError):
            record_hospital_stay(member, since=since, until=until, reason=REASON)
        return
    record_hospital_stay(member, since=since, until=until, reason=REASON)
    if since == until == UNTIL:
        record_hospital_stay(member, since=UNTIL, until=None, reason=REASON)
    with pytest.raises(DomainError):
        record_hospital_stay(member, since=since, until=until, reason=REASON)


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (OutOfAreaRegistration, {"kind": "referral"}, "an_out_of_area_registration_has_a_first_day"),
        (HospitalStay, {}, "hospitalstay_has_a_first_day"),
        (SpecialNursing, {}, "specialnursing_has_a_first_day"),
    ],
)
@pytest.mark.parametrize("period", [DateRange(None, UNTIL), DateRange(SINCE, SINCE)], ids=["no first day", "no day"])
def test_the_database_refuses_a_period_without_a_first_day(
    model: Any, values: dict[str, str], constraint: str, period: DateRange, member: Member
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(member=member, period=period, **values)


def test_a_registration_keeps_its_place_and_one_of_before_has_none(member: Member) -> None:
    kind = OutOfAreaKind.POSTED_WORKER
    placed = register_out_of_area(member, kind=kind, place="310000", since=SINCE, until=UNTIL, reason=REASON)
    before = register_out_of_area(member, kind=kind, since=date(2022, 1, 1), until=date(2022, 12, 31), reason=REASON)
    assert (placed.place, before.place) == ("310000", "")
    assert placed.history.get().place == "310000"


@pytest.mark.parametrize("place", ["31000", "3100000", "31000x", "３１００００", "310000\n"])
def test_a_place_is_the_six_digits_of_a_division(place: str, member: Member) -> None:
    with pytest.raises(DomainError) as refused:
        register_out_of_area(member, kind=OutOfAreaKind.REFERRAL, place=place, since=SINCE, reason=REASON)
    assert refused.value.details == {"field": "place"}


def test_the_database_keeps_no_other_place(member: Member) -> None:
    with pytest.raises(IntegrityError, match="a_registration_is_for_a_division"), transaction.atomic():
        OutOfAreaRegistration.objects.create(
            member=member, kind="referral", place="上海", period=DateRange(SINCE, None)
        )
