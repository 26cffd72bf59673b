"""Changes are handed to the credit runs once, and not before they are known."""

from datetime import date

import pytest
from django.db import connection

from members.models import ChangeCause, EntitlementChange, Member
from members.services.changes import note_change, take_changes
from tests.builder import a_member, region

pytestmark = pytest.mark.django_db

MAY = date(2023, 5, 31)


@pytest.fixture
def member() -> Member:
    return a_member(region("dazhou"))


MONTHS = [date(2023, month, 1) for month in range(2, 6)]


def taken(known_until: date, slug: str = "dazhou", months: list[date] = MONTHS) -> list[tuple[int, date, str]]:
    """What is handed over of a region, where these months were posted."""
    take_changes(region(slug), known_until, months)
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id, month, cause FROM taken_changes ORDER BY member_id, month")
        return list(cursor.fetchall())


def test_a_change_is_handed_over_once_for_each_posted_month_it_touches(member: Member) -> None:
    note_change(member, ChangeCause.CONTRIBUTION, first_day=date(2023, 3, 15), last_day=date(2023, 4, 2), known_on=MAY)
    note_change(member, ChangeCause.ENROLLMENT, first_day=date(2023, 4, 30), known_on=MAY)
    assert taken(MAY) == [
        (member.pk, date(2023, 3, 1), "contribution"),
        (member.pk, date(2023, 4, 1), "contribution"),
        (member.pk, date(2023, 5, 1), "enrollment"),
    ]
    assert taken(MAY) == []
    assert not EntitlementChange.objects.exists()


def test_a_change_that_touches_no_posted_month_is_done_with(member: Member) -> None:
    note_change(member, ChangeCause.CONTRIBUTION, first_day=MAY, last_day=MAY, known_on=MAY)
    assert taken(MAY, months=MONTHS[:3]) == []
    assert not EntitlementChange.objects.exists()


@pytest.mark.parametrize(("known_on", "at_once"), [(date(2023, 5, 30), True), (MAY, True), (date(2023, 6, 1), False)])
def test_a_change_waits_until_it_is_known(known_on: date, at_once: bool, member: Member) -> None:
    note_change(member, ChangeCause.DEATH, first_day=date(2023, 3, 15), known_on=known_on)
    assert bool(taken(MAY)) is at_once
    assert EntitlementChange.objects.exists() is not at_once
    assert bool(taken(date(2023, 6, 1))) is not at_once


def test_a_region_takes_only_its_own_changes(member: Member) -> None:
    note_change(member, ChangeCause.DEATH, first_day=MAY, known_on=MAY)
    assert taken(MAY, "kaifeng") == []
    assert len(taken(MAY)) == 1
