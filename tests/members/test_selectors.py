"""What the engine is told of a person on a day."""

from datetime import date

import pytest

from members.models import Member
from members.selectors import enrollment_on
from members.selectors.insured import Situation, situations
from members.services.enrollments import change_scheme, convert_to_retired, terminate
from members.services.people import record_death
from members.services.registrations import record_hospital_stay, record_special_nursing, register_out_of_area
from policies.engine.absence import Registered
from policies.engine.facts import ContributionState, Person
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus, OutOfAreaKind
from tests.builder import REASON, contributions, insured, region

pytestmark = pytest.mark.django_db

BEGAN = date(2023, 2, 10)
BORN = date(1980, 5, 1)
ACTIVE, RETIRED = InsuredStatus
NOBODY = Person(BORN, None, None, ContributionState.MISSING)


@pytest.fixture
def member() -> Member:
    """Active since BEGAN, with every month of 2023 contributed on time."""
    found = insured(region("dazhou"), since=BEGAN, birth_date=BORN)
    contributions(found, date(2023, 1, 1), date(2023, 12, 1))
    return found


def situation(member: Member, day: date) -> Situation:
    """Of one member on one day."""
    (found,) = situations([(member, day)])
    return found


def person_on(member: Member, day: date) -> Person:
    """The person whom the engine sees."""
    return situation(member, day).person


def whereabouts(member: Member, day: date, kind: OutOfAreaKind) -> tuple[bool, bool, bool]:
    """In hospital, in special nursing, registered for this kind of care elsewhere."""
    found = situation(member, day)
    return found.in_hospital, found.in_special_nursing, Registered(kind, "") in found.away


def active(scheme: AccountScheme = AccountScheme.COMBINED) -> Person:
    """An active person whose contribution came on time."""
    return Person(BORN, ACTIVE, scheme, ContributionState.ON_TIME, Employment.EMPLOYEE)


def test_a_person_is_insured_from_the_first_day_and_not_the_day_before(member: Member) -> None:
    assert person_on(member, date(2023, 2, 9)) == NOBODY
    assert person_on(member, BEGAN) == active()


def test_a_person_is_insured_on_the_last_day_and_not_the_day_after(member: Member) -> None:
    terminate(member, last_day=date(2023, 6, 15), known_on=date(2023, 6, 15), reason=REASON)
    assert person_on(member, date(2023, 6, 15)) == active()
    assert person_on(member, date(2023, 6, 16)) == NOBODY


def test_a_person_is_retired_from_the_day_benefits_start(member: Member) -> None:
    convert_to_retired(member, retired_from=date(2023, 6, 15), known_on=date(2023, 6, 15), reason=REASON)
    assert person_on(member, date(2023, 6, 14)) == active()
    retired = Person(BORN, RETIRED, AccountScheme.COMBINED, ContributionState.NOT_DUE, Employment.EMPLOYEE)
    assert person_on(member, date(2023, 6, 15)) == retired
    # No contribution is due any more, so none is missing.
    assert person_on(member, date(2024, 6, 15)) == retired


def test_a_person_has_the_new_scheme_from_the_day_of_the_change(member: Member) -> None:
    change_scheme(
        member,
        scheme=AccountScheme.POOLED_ONLY,
        since=date(2023, 6, 15),
        known_on=date(2023, 6, 15),
        reason=REASON,
    )
    assert person_on(member, date(2023, 6, 14)) == active()
    assert person_on(member, date(2023, 6, 15)) == active(AccountScheme.POOLED_ONLY)


def test_the_day_of_death_is_the_last_insured_day(member: Member) -> None:
    record_death(member, died_on=date(2023, 6, 15), known_on=date(2023, 7, 1), reason=REASON)
    member.refresh_from_db()
    assert person_on(member, date(2023, 6, 15)) == active()
    assert person_on(member, date(2023, 6, 16)) == NOBODY


def test_an_enrollment_left_open_past_a_death_insures_nobody(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(died_on=date(2023, 6, 15))
    member.refresh_from_db()
    assert enrollment_on(member, date(2023, 6, 15)) == member.enrollments.get()
    assert enrollment_on(member, date(2023, 6, 16)) is None
    assert person_on(member, date(2023, 6, 16)) == NOBODY


@pytest.mark.parametrize(
    ("received_on", "state"),
    [
        (date(2023, 1, 5), ContributionState.ON_TIME),
        (date(2023, 2, 28), ContributionState.ON_TIME),
        (date(2023, 3, 1), ContributionState.LATE),
        (date(2024, 3, 1), ContributionState.LATE),
        (None, ContributionState.MISSING),
    ],
    ids=["early", "on the month's last day", "the day after", "a year later", "never"],
)
@pytest.mark.parametrize("day", [BEGAN, date(2023, 2, 28)])
def test_the_contribution_of_the_days_own_month_counts(
    received_on: date | None, state: ContributionState, day: date
) -> None:
    member = insured(region("kaifeng"), since=BEGAN)
    for month in (date(2023, 1, 1), date(2023, 3, 1)):
        contributions(member, month, month)
    if received_on is not None:
        contributions(member, date(2023, 2, 1), date(2023, 2, 1), received_on=received_on)
    assert person_on(member, day).contribution == state
    assert person_on(member, date(2023, 3, 1)).contribution == ContributionState.ON_TIME


def test_somebody_elses_contribution_is_not_ones_own(member: Member) -> None:
    other = insured(region("dazhou"), since=BEGAN)
    assert person_on(other, BEGAN).contribution == ContributionState.MISSING
    assert person_on(member, BEGAN).contribution == ContributionState.ON_TIME


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2023, 3, 9), False),
        (date(2023, 3, 10), True),
        (date(2023, 3, 20), True),
        (date(2023, 3, 21), False),
    ],
)
def test_stays_and_registrations_hold_on_their_first_and_last_day(day: date, inside: bool, member: Member) -> None:
    since, until = date(2023, 3, 10), date(2023, 3, 20)
    referral = OutOfAreaKind.REFERRAL
    assert whereabouts(member, day, referral) == (False, False, False)

    record_hospital_stay(member, since=since, until=until, reason=REASON)
    assert whereabouts(member, day, referral) == (inside, False, False)
    record_special_nursing(member, since=since, until=until, reason=REASON)
    assert whereabouts(member, day, referral) == (inside, inside, False)
    register_out_of_area(member, kind=referral, since=since, until=until, reason=REASON)
    assert whereabouts(member, day, referral) == (inside, inside, inside)


def test_a_registration_is_for_its_kind_its_place_and_its_person(member: Member) -> None:
    day = date(2023, 3, 10)
    register_out_of_area(member, kind=OutOfAreaKind.REFERRAL, place="310000", since=day, reason=REASON)
    assert situation(member, day).away == {Registered(OutOfAreaKind.REFERRAL, "310000")}
    other = insured(region("dazhou"), since=BEGAN)
    assert situation(other, day).away == frozenset()
