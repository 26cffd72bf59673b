"""Contributions by the month they are for, and what they mark for the credit runs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from members.models import ChangeCause, Contribution, EntitlementChange, Member
from members.services.contributions import last_day_of, record_contribution
from tests.builder import REASON, contributions, insured, region

pytestmark = pytest.mark.django_db

FEBRUARY = date(2023, 2, 1)
BASE = Decimal("6000.00")


@pytest.fixture
def member() -> Member:
    """An active member, with nothing marked yet."""
    found = insured(region("kaifeng"))
    EntitlementChange.objects.all().delete()
    return found


def record(
    member: Member,
    month: date = FEBRUARY,
    base: Decimal = BASE,
    received_on: date | None = None,
    known_on: date | None = None,
) -> Contribution:
    """A contribution for a month."""
    return record_contribution(
        member, month=month, base=base, received_on=received_on, known_on=known_on, reason=REASON
    )


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2023, 2, 1), date(2023, 2, 28)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2023, 12, 31), date(2023, 12, 31)),
        (date(2023, 4, 15), date(2023, 4, 30)),
    ],
)
def test_the_last_day_of_a_month(day: date, last: date) -> None:
    assert last_day_of(day) == last


@pytest.mark.parametrize(
    ("month", "received_on", "stored"),
    [
        (FEBRUARY, None, (FEBRUARY, date(2023, 2, 28))),
        (date(2023, 2, 14), None, (FEBRUARY, date(2023, 2, 28))),
        (FEBRUARY, date(2023, 2, 3), (FEBRUARY, date(2023, 2, 3))),
        (FEBRUARY, date(2023, 5, 8), (FEBRUARY, date(2023, 5, 8))),
    ],
)
def test_a_contribution_is_for_its_month_and_on_time_unless_a_day_is_given(
    month: date, received_on: date | None, stored: tuple[date, date], member: Member
) -> None:
    record(member, month, received_on=received_on)
    found = Contribution.objects.get(member=member)
    assert (found.month, found.received_on) == stored
    assert found.base == BASE


# The month is marked alone; it is known when the money is there and somebody has said so.
@pytest.mark.parametrize(
    ("received_on", "known_on", "expected"),
    [
        (None, None, date(2023, 2, 28)),
        (date(2023, 2, 3), None, date(2023, 2, 3)),
        (date(2023, 5, 8), None, date(2023, 5, 8)),
        (date(2023, 2, 3), date(2023, 3, 1), date(2023, 3, 1)),
        (date(2023, 5, 8), date(2023, 3, 1), date(2023, 5, 8)),
        (None, date(2023, 2, 1), date(2023, 2, 28)),
    ],
)
def test_only_its_month_is_marked_from_the_day_it_is_known(
    received_on: date | None, known_on: date | None, expected: date, member: Member
) -> None:
    record(member, received_on=received_on, known_on=known_on)
    mark = EntitlementChange.objects.get()
    assert (mark.member, mark.cause) == (member, ChangeCause.CONTRIBUTION)
    assert (mark.first_month, mark.last_month, mark.known_on) == (FEBRUARY, FEBRUARY, expected)


def test_another_base_corrects_the_month_and_the_day_of_arrival_stays(member: Member) -> None:
    record(member, received_on=date(2023, 2, 3))
    record(member, base=Decimal("6500.00"), received_on=date(2023, 7, 1))
    found = Contribution.objects.get(member=member)
    assert (found.base, found.received_on) == (Decimal("6500.00"), date(2023, 2, 3))
    assert list(found.history.order_by("history_id").values_list("base", flat=True)) == [BASE, Decimal("6500.00")]
    marks = EntitlementChange.objects.order_by("pk").values_list("first_month", "last_month", "known_on")
    assert list(marks) == [
        (FEBRUARY, FEBRUARY, date(2023, 2, 3)),
        (FEBRUARY, FEBRUARY, date(2023, 7, 1)),
    ]


def test_the_same_base_again_is_a_mistake(member: Member) -> None:
    record(member)
    with pytest.raises(DomainError):
        record(member, date(2023, 2, 28), Decimal("6000"))
    assert Contribution.objects.count() == EntitlementChange.objects.count() == 1


@pytest.mark.parametrize("base", ["0.00", "-6000.00", "6000.001", "0.004"])
def test_a_base_is_refused(base: str, member: Member) -> None:
    with pytest.raises(DomainError):
        record(member, base=Decimal(base))
    assert not Contribution.objects.exists()
    assert not EntitlementChange.objects.exists()


def test_nobody_contributes_for_months_before_birth(member: Member) -> None:
    with pytest.raises(DomainError):
        record(member, date(1980, 4, 1))
    assert record(member, date(1980, 5, 1)).month == date(1980, 5, 1)


def test_months_of_a_year_each_have_their_contribution(member: Member) -> None:
    made = contributions(member, date(2022, 11, 1), date(2023, 2, 1))
    months = [date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1), date(2023, 2, 1)]
    assert [each.month for each in made] == months
    assert [each.received_on for each in made] == [last_day_of(month) for month in months]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"month": FEBRUARY}, "a_month_is_contributed_for_once"),
        ({"month": date(2023, 3, 2)}, "contribution_month_is_a_first_day"),
        ({"month": date(2023, 3, 1), "base": Decimal("0.00")}, "a_contribution_base_is_positive"),
    ],
)
def test_the_database_refuses(values: dict[str, Any], constraint: str, member: Member) -> None:
    record(member)
    facts: dict[str, Any] = {"base": BASE, "received_on": date(2023, 3, 31)} | values
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Contribution.objects.create(member=member, **facts)
