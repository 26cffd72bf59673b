"""Changes are handed to the credit runs once, and not before they are known."""

from datetime import date

import pytest

from members.models import ChangeCause, EntitlementChange, Member
from members.services.changes import note_change, take_changes
from tests.house import a_member, region

pytestmark = pytest.mark.django_db

MAY = date(2023, 5, 31)


@pytest.fixture
def member() -> Member:
    """Somebody with nothing marked."""
    return a_member(region("dazhou"))


def test_a_change_is_handed_over_once_by_months(member: Member) -> None:
    note_change(member, ChangeCause.CONTRIBUTION, first_day=date(2023, 3, 15), last_day=date(2023, 4, 2), known_on=MAY)
    note_change(member, ChangeCause.ENROLLMENT, first_day=date(2023, 3, 31), known_on=MAY)
    taken = take_changes(region("dazhou"), MAY)
    assert sorted(taken, key=lambda change: change[3]) == [
        (member.pk, date(2023, 3, 1), date(2023, 4, 1), "contribution"),
        (member.pk, date(2023, 3, 1), None, "enrollment"),
    ]
    assert take_changes(region("dazhou"), MAY) == []
    assert not EntitlementChange.objects.filter(pending=True).exists()
    assert EntitlementChange.objects.count() == 2


@pytest.mark.parametrize(("known_on", "taken"), [(date(2023, 5, 30), True), (MAY, True), (date(2023, 6, 1), False)])
def test_a_change_waits_until_it_is_known(known_on: date, taken: bool, member: Member) -> None:
    note_change(member, ChangeCause.DEATH, first_day=date(2023, 3, 15), known_on=known_on)
    assert bool(take_changes(region("dazhou"), MAY)) is taken
    assert EntitlementChange.objects.get().pending is not taken
    assert bool(take_changes(region("dazhou"), date(2023, 6, 1))) is not taken


def test_a_region_takes_only_its_own_changes(member: Member) -> None:
    note_change(member, ChangeCause.DEATH, first_day=date(2023, 3, 15), known_on=MAY)
    assert take_changes(region("kaifeng"), MAY) == []
    assert len(take_changes(region("dazhou"), MAY)) == 1
