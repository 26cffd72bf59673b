"""The switch of a region: off to begin with, turned with a reason, kept in its history."""

import pytest
from django.urls import reverse

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, Role
from agency.services.regions import switch_account_interest
from tests import house
from tests.office import (
    REASON,
    Office,
    furnished_office,  # noqa: F401  The fixture "office".
    visitor,
)

pytestmark = pytest.mark.django_db


def button(name: str, region: PoolingRegion) -> str:
    """The address of a button's form."""
    return reverse(f"admin:agency_poolingregion_{name}", args=[region.pk])


def offered(office: Office, role: str) -> set[str]:
    """The buttons on the region's page."""
    page = visitor(office.staff[role]).get(button("change", office.here))
    return {action["path"].rstrip("/").rsplit("/", 1)[-1] for action in page.context["actions_detail"]}


def test_no_region_pays_interest_to_begin_with() -> None:
    assert set(PoolingRegion.objects.values_list("pays_account_interest", flat=True)) == {False}


def test_the_switch_is_turned_with_a_reason_that_its_history_keeps() -> None:
    region, actor = house.region("pingliang"), house.staff("officer")
    with pytest.raises(DomainError):
        switch_account_interest(region, pays=True, actor=actor, reason=" ")
    switched = switch_account_interest(region, pays=True, actor=actor, reason="平医保发〔2024〕1号")
    assert switched.pays_account_interest
    kept = switched.history.first()
    assert (kept.history_change_reason, kept.history_user) == ("平医保发〔2024〕1号", actor)
    assert not switch_account_interest(region, pays=False, actor=actor, reason="withdrawn").pays_account_interest


@pytest.mark.parametrize("pays", [True, False])
def test_a_switch_that_stands_so_is_not_turned_again(pays: bool) -> None:
    region, actor = house.region("pingliang"), house.staff("officer")
    if pays:
        switch_account_interest(region, pays=True, actor=actor, reason=REASON)
    with pytest.raises(MoveNotAllowed):
        switch_account_interest(region, pays=pays, actor=actor, reason=REASON)


def test_a_policy_officer_turns_it_on_the_regions_page(office: Office) -> None:
    officer = visitor(office.staff["policy_officer"])
    assert offered(office, "policy_officer") == {"begin_interest"}
    assert list(officer.post(button("begin_interest", office.here), {"reason": ""}).context["form"].errors) == [
        "reason"
    ]
    assert officer.post(button("begin_interest", office.here), {"reason": REASON}).status_code == 302
    office.here.refresh_from_db()
    assert office.here.pays_account_interest
    assert offered(office, "policy_officer") == {"end_interest"}
    again = officer.post(button("begin_interest", office.here), {"reason": REASON})
    assert "already" in again.context["form"].non_field_errors()[0]
    history = officer.get(button("history", office.here)).content.decode()
    assert REASON in history
    assert officer.post(button("end_interest", office.here), {"reason": "withdrawn"}).status_code == 302


@pytest.mark.parametrize("role", sorted({role.value for role in Role} - {"policy_officer"} | {"clerk_away"}))
def test_nobody_else_turns_it(office: Office, role: str) -> None:
    client = visitor(office.staff[role])
    response = client.post(button("begin_interest", office.here), {"reason": REASON})
    assert response.status_code in {302, 403}
    office.here.refresh_from_db()
    assert not office.here.pays_account_interest


def test_an_officer_of_another_region_does_not_turn_it(office: Office) -> None:
    away = house.staff("officer_away", Role.POLICY_OFFICER, region=office.away)
    visitor(away).post(button("begin_interest", office.here), {"reason": REASON})
    office.here.refresh_from_db()
    assert not office.here.pays_account_interest
