"""Diseases are registered from the region's catalogue, approved by a second person, for their days."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError, MoveNotAllowed, SubmissionVoided
from agency.models import User
from members.models import DiseaseRegistration, Member, RegistrationState
from members.selectors.insured import situations
from members.services.diseases import (
    approve_disease_registration,
    end_disease_registration,
    refuse_disease_registration,
    submit_disease_registration,
)
from policies.engine.vocabulary import Benefit
from policies.models import Disease
from tests import builder
from tests.builder.damage import erase, rewrite
from tests.builder.people import CHRONIC, DIABETES, HYPERTENSION, SPECIAL

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2023, 3, 10), date(2023, 9, 20)


@pytest.fixture
def member() -> Member:
    return builder.insured(builder.region("baoshan"))


def submitted(member: Member, maker: User, **overrides: Any) -> DiseaseRegistration:
    facts: dict[str, Any] = {
        "code": HYPERTENSION,
        "benefit": CHRONIC,
        "since": SINCE,
        "until": UNTIL,
        "actor": maker,
        "reason": builder.REASON,
    } | overrides
    return submit_disease_registration(member, **facts)


def registered(member: Member, maker: User, checker: User, **overrides: Any) -> DiseaseRegistration:
    return approve_disease_registration(submitted(member, maker, **overrides), actor=checker)


def held(member: Member, day: date) -> set[tuple[str, str]]:
    (found,) = situations([(member, day)])
    return set(found.registrations)


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2023, 3, 9), False), (SINCE, True), (UNTIL, True), (date(2023, 9, 21), False)],
)
def test_a_registration_holds_on_its_first_and_last_day(
    member: Member, maker: User, checker: User, day: date, inside: bool
) -> None:
    registered(member, maker, checker)
    assert held(member, day) == ({(CHRONIC, HYPERTENSION)} if inside else set())


def test_a_registration_of_one_day_and_one_without_end(member: Member, maker: User, checker: User) -> None:
    registered(member, maker, checker, until=SINCE)
    registered(member, maker, checker, code=DIABETES, until=None)
    assert held(member, SINCE) == {(CHRONIC, HYPERTENSION), (CHRONIC, DIABETES)}
    assert held(member, date(2023, 3, 11)) == held(member, date(2099, 1, 1)) == {(CHRONIC, DIABETES)}


def test_only_what_is_approved_is_registered_and_for_its_person_alone(
    member: Member, maker: User, checker: User
) -> None:
    submitted(member, maker)
    refuse_disease_registration(submitted(member, maker, code=DIABETES), actor=checker, reason="no papers")
    assert held(member, SINCE) == set()
    registered(member, maker, checker, benefit=SPECIAL)
    assert held(member, SINCE) == {(SPECIAL, HYPERTENSION)}
    assert held(builder.insured(member.region), SINCE) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "M99999"},
        {"code": ""},
        {"code": "m03900"},
        {"benefit": Benefit.GENERAL_OUTPATIENT},
        {"benefit": Benefit.DAY_SURGERY},
        {"benefit": Benefit.INPATIENT},
        {"until": date(2023, 3, 9)},
    ],
)
def test_what_is_no_registration_is_refused_and_nothing_is_stored(
    member: Member, maker: User, wrong: dict[str, Any]
) -> None:
    with pytest.raises(DomainError):
        submitted(member, maker, **wrong)
    assert not DiseaseRegistration.objects.exists()


def test_the_catalogue_is_the_members_regions(member: Member, maker: User) -> None:
    erase(Disease.objects.get(region=member.region, code=DIABETES))
    with pytest.raises(DomainError, match=DIABETES):
        submitted(member, maker, code=DIABETES)
    elsewhere = builder.insured(builder.region("dazhou"))
    found = submitted(elsewhere, maker, code=DIABETES, benefit=Benefit.HYPERTENSION_DIABETES)
    assert found.disease.region == elsewhere.region


@pytest.mark.parametrize(
    ("since", "until", "overlaps"),
    [
        (SINCE, UNTIL, True),
        (UNTIL, None, True),
        (date(2023, 1, 1), SINCE, True),
        (date(2023, 9, 21), None, False),
        (date(2023, 1, 1), date(2023, 3, 9), False),
    ],
)
def test_a_disease_is_registered_once_for_a_day(
    member: Member, maker: User, checker: User, since: date, until: date | None, overlaps: bool
) -> None:
    registered(member, maker, checker)
    second = submitted(member, maker, since=since, until=until)
    if not overlaps:
        approve_disease_registration(second, actor=checker)
        return
    with pytest.raises(DomainError):
        approve_disease_registration(second, actor=checker)
    second.refresh_from_db()
    assert second.state == RegistrationState.SUBMITTED
    with pytest.raises(IntegrityError), transaction.atomic():
        DiseaseRegistration.objects.filter(pk=second.pk).update(state="approved", decided_by=checker)


def test_another_disease_benefit_or_person_does_not_overlap(member: Member, maker: User, checker: User) -> None:
    registered(member, maker, checker)
    registered(member, maker, checker, code=DIABETES)
    registered(member, maker, checker, benefit=SPECIAL)
    registered(builder.insured(member.region), maker, checker)
    assert held(member, SINCE) == {(CHRONIC, HYPERTENSION), (CHRONIC, DIABETES), (SPECIAL, HYPERTENSION)}


# --- Who decides, and when ---


def test_a_registration_changed_after_submission_is_not_approved(member: Member, maker: User, checker: User) -> None:
    found = submitted(member, maker)
    rewrite(DiseaseRegistration.objects.filter(pk=found.pk), period=DateRange(date(2020, 1, 1), None))
    with pytest.raises(SubmissionVoided):
        approve_disease_registration(found, actor=checker)
    assert held(member, SINCE) == set()


def test_a_registration_ends_with_a_day_and_may_begin_again(member: Member, maker: User, checker: User) -> None:
    found = registered(member, maker, checker)
    end_disease_registration(found, last_day=SINCE, actor=maker, reason="healed")
    assert (held(member, SINCE), held(member, date(2023, 3, 11))) == ({(CHRONIC, HYPERTENSION)}, set())
    registered(member, maker, checker, since=date(2023, 3, 11))
    assert held(member, date(2023, 3, 11)) == {(CHRONIC, HYPERTENSION)}


@pytest.mark.parametrize("last_day", [date(2023, 3, 9), date(2023, 9, 21), date(2099, 1, 1)])
def test_ending_never_lengthens_a_registration_nor_undoes_it(
    member: Member, maker: User, checker: User, last_day: date
) -> None:
    found = registered(member, maker, checker)
    with pytest.raises(MoveNotAllowed):
        end_disease_registration(found, last_day=last_day, actor=maker, reason="healed")
    assert held(member, UNTIL) == {(CHRONIC, HYPERTENSION)}


def test_the_database_refuses_an_approval_without_a_second_person(member: Member, maker: User) -> None:
    found = submitted(member, maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DiseaseRegistration.objects.filter(pk=found.pk).update(state="approved", **wrong)


def test_every_region_has_the_catalogue() -> None:
    codes = {
        slug: set(Disease.objects.filter(region__slug=slug).values_list("code", flat=True))
        for slug in ("baoshan", "dazhou", "kaifeng", "pingliang", "zaozhuang")
    }
    assert {HYPERTENSION, DIABETES, "M02101"} <= codes["baoshan"]
    assert all(found == codes["baoshan"] for found in codes.values())


def test_a_registration_approved_today_lifts_nothing_before_its_first_day(
    member: Member, maker: User, checker: User
) -> None:
    """The number of diseases is taken on the day of service (docs/interpretations/0050)."""
    registered(member, maker, checker, since=date(2023, 1, 1))
    registered(member, maker, checker, code=DIABETES)
    assert [len(held(member, day)) for day in (date(2023, 3, 9), SINCE)] == [1, 2]
    assert held(member, date(2022, 12, 31)) == set()
