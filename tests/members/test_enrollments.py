"""How somebody is insured, since when; one way at a time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError
from members.models import ChangeCause, Enrollment, EntitlementChange, Member
from members.services.enrollments import change_scheme, convert_to_retired, enroll, terminate
from members.services.people import record_death
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from tests.builder import REASON, a_member, insured, region

pytestmark = pytest.mark.django_db

BEGAN = date(2022, 1, 1)
DAY = date(2023, 3, 15)
KNOWN = date(2023, 4, 2)


@pytest.fixture
def member() -> Member:
    """An active employee since BEGAN, in the combined scheme."""
    return insured(region("pingliang"), since=BEGAN)


def enroll_again(member: Member, since: date) -> Enrollment:
    """As a flexible worker, pooled-only."""
    return enroll(
        member,
        since=since,
        scheme=AccountScheme.POOLED_ONLY,
        employment=Employment.FLEXIBLE,
        status=InsuredStatus.ACTIVE,
        known_on=KNOWN,
        reason=REASON,
    )


_ACT: dict[str, Callable[[Member, date], Any]] = {
    "enroll": enroll_again,
    "convert": lambda member, day: convert_to_retired(member, retired_from=day, known_on=KNOWN, reason=REASON),
    "change scheme": lambda member, day: change_scheme(
        member, scheme=AccountScheme.POOLED_ONLY, since=day, known_on=KNOWN, reason=REASON
    ),
    "terminate": lambda member, day: terminate(member, last_day=day, known_on=KNOWN, reason=REASON),
}


def periods(member: Member) -> list[tuple[date, date | None]]:
    """First day, and the day after the last, of each enrollment in order."""
    return [(each.period.lower, each.period.upper) for each in member.enrollments.order_by("period")]


def last_change(member: Member) -> EntitlementChange:
    """What was noted last for the credit runs."""
    return EntitlementChange.objects.filter(member=member).latest("pk")


# What changes, and from when


def test_the_first_enrollment_is_open_and_marks_its_months() -> None:
    member = a_member(region("pingliang"))
    enroll_again(member, DAY)
    assert periods(member) == [(DAY, None)]
    mark = last_change(member)
    assert (mark.cause, mark.first_month, mark.last_month) == (ChangeCause.ENROLLMENT, date(2023, 3, 1), None)
    assert mark.known_on == KNOWN


@pytest.mark.parametrize(
    ("act", "scheme", "employment", "status"),
    [
        ("enroll", "pooled_only", "flexible", "active"),
        ("convert", "combined", "employee", "retired"),
        ("change scheme", "pooled_only", "employee", "active"),
    ],
)
def test_a_new_way_begins_on_its_day_and_the_former_one_ends_the_day_before(
    act: str, scheme: str, employment: str, status: str, member: Member
) -> None:
    former = member.enrollments.get()
    latest = _ACT[act](member, DAY)
    former.refresh_from_db()
    assert former.period == DateRange(BEGAN, DAY)
    assert latest.period == DateRange(DAY, None)
    assert (former.scheme, former.employment, former.status) == ("combined", "employee", "active")
    assert (latest.scheme, latest.employment, latest.status) == (scheme, employment, status)
    mark = last_change(member)
    assert (mark.cause, mark.first_month, mark.last_month) == (ChangeCause.ENROLLMENT, date(2023, 3, 1), None)
    assert mark.known_on == KNOWN


@pytest.mark.parametrize("had_account_before", [True, False])
@pytest.mark.parametrize("act", ["convert", "change scheme"])
def test_whether_there_was_an_account_before_is_carried_along(act: str, had_account_before: bool) -> None:
    member = insured(region("zaozhuang"), since=BEGAN, had_account_before=had_account_before)
    assert _ACT[act](member, DAY).had_account_before is had_account_before


def test_a_termination_ends_with_its_day_and_marks_that_month_and_the_later_ones(member: Member) -> None:
    terminate(member, last_day=DAY, known_on=KNOWN, reason=REASON)
    assert periods(member) == [(BEGAN, date(2023, 3, 16))]
    mark = last_change(member)
    assert (mark.cause, mark.first_month, mark.last_month) == (ChangeCause.ENROLLMENT, date(2023, 3, 1), None)


def test_a_termination_may_be_moved_forward(member: Member) -> None:
    terminate(member, last_day=date(2023, 12, 31), known_on=KNOWN, reason=REASON)
    terminate(member, last_day=DAY, known_on=KNOWN, reason=REASON)
    assert periods(member) == [(BEGAN, date(2023, 3, 16))]


def test_after_a_termination_somebody_may_come_back_and_the_gap_stays(member: Member) -> None:
    terminate(member, last_day=DAY, known_on=KNOWN, reason=REASON)
    enroll_again(member, date(2023, 6, 1))
    assert periods(member) == [(BEGAN, date(2023, 3, 16)), (date(2023, 6, 1), None)]


def test_coming_back_before_a_planned_end_replaces_it(member: Member) -> None:
    terminate(member, last_day=date(2023, 12, 31), known_on=KNOWN, reason=REASON)
    enroll_again(member, DAY)
    assert periods(member) == [(BEGAN, DAY), (DAY, None)]


def test_a_retiree_of_the_pooled_only_scheme_keeps_it() -> None:
    member = insured(region("kaifeng"), since=BEGAN, scheme=AccountScheme.POOLED_ONLY, employment=Employment.FLEXIBLE)
    latest = _ACT["convert"](member, DAY)
    assert (latest.scheme, latest.employment, latest.status) == ("pooled_only", "flexible", "retired")


# What is refused


@pytest.mark.parametrize(
    ("act", "day"),
    [
        ("enroll", BEGAN),
        ("enroll", date(2021, 12, 31)),
        ("enroll", date(1980, 4, 30)),
        ("convert", BEGAN),
        ("convert", date(2021, 12, 31)),
        ("change scheme", BEGAN),
        ("change scheme", date(2021, 12, 31)),
        ("terminate", date(2021, 12, 31)),
    ],
    ids=[
        "enroll on the day of another enrollment",
        "enroll before it",
        "enroll before birth",
        "convert on the first day",
        "convert while not insured",
        "change scheme on the first day",
        "change scheme while not insured",
        "terminate while not insured",
    ],
)
def test_nothing_happens_where_it_cannot(act: str, day: date, member: Member) -> None:
    marks = EntitlementChange.objects.count()
    with pytest.raises(DomainError):
        _ACT[act](member, day)
    assert periods(member) == [(BEGAN, None)]
    assert EntitlementChange.objects.count() == marks


@pytest.mark.parametrize("act", ["convert", "change scheme", "terminate"])
def test_nothing_happens_after_the_insurance_has_ended(act: str, member: Member) -> None:
    terminate(member, last_day=DAY, known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        _ACT[act](member, date(2023, 3, 16))
    assert periods(member) == [(BEGAN, date(2023, 3, 16))]


@pytest.mark.parametrize(
    ("act", "day"),
    [
        ("enroll", date(2023, 3, 16)),
        ("convert", date(2023, 3, 16)),
        ("change scheme", date(2023, 3, 16)),
        ("terminate", date(2023, 3, 16)),
    ],
)
def test_nothing_happens_after_death(act: str, day: date, member: Member) -> None:
    record_death(member, died_on=DAY, known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        _ACT[act](member, day)
    assert periods(member) == [(BEGAN, date(2023, 3, 16))]


@pytest.mark.parametrize("act", ["convert", "change scheme"])
def test_a_retiree_is_not_converted_again_and_keeps_the_scheme(act: str, member: Member) -> None:
    convert_to_retired(member, retired_from=date(2023, 1, 1), known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        _ACT[act](member, DAY)
    assert periods(member) == [(BEGAN, date(2023, 1, 1)), (date(2023, 1, 1), None)]


def test_a_change_to_the_same_scheme_is_none(member: Member) -> None:
    with pytest.raises(DomainError):
        change_scheme(member, scheme=AccountScheme.COMBINED, since=DAY, known_on=KNOWN, reason=REASON)
    assert periods(member) == [(BEGAN, None)]


@pytest.mark.parametrize("last_day", [date(2023, 3, 14), date(2023, 2, 1)])
def test_an_insurance_that_goes_on_in_another_way_is_not_terminated_before_that(last_day: date, member: Member) -> None:
    enroll_again(member, DAY)
    with pytest.raises(DomainError):
        terminate(member, last_day=last_day, known_on=KNOWN, reason=REASON)
    assert periods(member) == [(BEGAN, DAY), (DAY, None)]


# Past the services


@pytest.mark.parametrize(
    "period",
    [
        DateRange(DAY, None),
        DateRange(date(2021, 1, 1), date(2022, 1, 2)),
        DateRange(date(2030, 1, 1), date(2030, 1, 2)),
    ],
)
def test_the_database_refuses_two_enrollments_on_one_day(period: DateRange, member: Member) -> None:
    with pytest.raises(IntegrityError, match="enrollments_of_a_member_never_overlap"), transaction.atomic():
        Enrollment.objects.create(
            member=member, period=period, scheme="combined", employment="employee", status="active"
        )


@pytest.mark.parametrize("period", [DateRange(None, BEGAN), DateRange(DAY, DAY), DateRange(empty=True)])
def test_the_database_refuses_an_enrollment_without_a_first_day(period: DateRange) -> None:
    member = a_member(region("pingliang"))
    with pytest.raises(IntegrityError, match="an_enrollment_has_a_first_day"), transaction.atomic():
        Enrollment.objects.create(
            member=member, period=period, scheme="combined", employment="employee", status="active"
        )


def test_the_database_accepts_enrollments_that_follow_each_other_and_those_of_other_people(member: Member) -> None:
    facts = {"scheme": "combined", "employment": "employee", "status": "active"}
    Enrollment.objects.create(member=member, period=DateRange(date(2020, 1, 1), BEGAN), **facts)
    Enrollment.objects.create(member=a_member(region("pingliang")), period=DateRange(BEGAN, None), **facts)
    assert periods(member) == [(date(2020, 1, 1), BEGAN), (BEGAN, None)]
