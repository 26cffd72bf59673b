"""What an agency decides about a region: with a reason, kept in its history, by a policy officer."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, Role
from agency.services.regions import set_reimbursement_days, switch_account_interest
from tests import builder
from tests.builder.office import REASON, Office
from tests.builder.screens import button, offered, visitor

pytestmark = pytest.mark.django_db

ALWAYS = ("set_days", "set_notable_change")


def test_no_region_pays_interest_to_begin_with() -> None:
    assert set(PoolingRegion.objects.values_list("pays_account_interest", flat=True)) == {False}


def test_the_switch_is_turned_with_a_reason_that_its_history_keeps() -> None:
    region, actor = builder.region("pingliang"), builder.staff("officer")
    with pytest.raises(DomainError):
        switch_account_interest(region, pays=True, actor=actor, reason=" ")
    switched = switch_account_interest(region, pays=True, actor=actor, reason="平医保发〔2024〕1号")
    assert switched.pays_account_interest
    kept = switched.history.first()
    assert (kept.history_change_reason, kept.history_user) == ("平医保发〔2024〕1号", actor)
    assert not switch_account_interest(region, pays=False, actor=actor, reason="withdrawn").pays_account_interest


@pytest.mark.parametrize("pays", [True, False])
def test_a_switch_that_stands_so_is_not_turned_again(pays: bool) -> None:
    region, actor = builder.region("pingliang"), builder.staff("officer")
    if pays:
        switch_account_interest(region, pays=True, actor=actor, reason=REASON)
    with pytest.raises(MoveNotAllowed):
        switch_account_interest(region, pays=pays, actor=actor, reason=REASON)


def test_a_policy_officer_turns_it_on_the_regions_page(office: Office) -> None:
    officer = visitor(office.staff["policy_officer"])
    assert offered(visitor(office.staff["policy_officer"]), office.here) == {
        "set_days",
        "set_notable_change",
        "begin_interest",
    }
    assert list(officer.post(button("begin_interest", office.here), {"reason": ""}).context["form"].errors) == [
        "reason"
    ]
    assert officer.post(button("begin_interest", office.here), {"reason": REASON}).status_code == 302
    office.here.refresh_from_db()
    assert office.here.pays_account_interest
    assert offered(visitor(office.staff["policy_officer"]), office.here) == {
        "set_days",
        "set_notable_change",
        "end_interest",
    }
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
    away = builder.staff("officer_away", Role.POLICY_OFFICER, region=office.away)
    visitor(away).post(button("begin_interest", office.here), {"reason": REASON})
    office.here.refresh_from_db()
    assert not office.here.pays_account_interest


DAYS: dict[str, Any] = {"days": 5, "days_at_most": 12, "reason": REASON}


def limits(region: PoolingRegion) -> tuple[int, int]:
    region.refresh_from_db()
    return region.reimbursement_days, region.reimbursement_days_at_most


def test_the_time_limits_of_an_office_are_set_with_a_reason_that_its_history_keeps() -> None:
    region, actor = builder.region("pingliang"), builder.staff("officer")
    set_reimbursement_days(region, **DAYS, actor=actor)
    assert limits(region) == (5, 12)
    kept = region.history.first()
    assert (kept.history_change_reason, kept.history_user) == (REASON, actor)
    set_reimbursement_days(region, **DAYS | {"days": 1, "days_at_most": 250}, actor=actor)
    assert limits(region) == (1, 250)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 13}, "days_at_most"),
        ({"days_at_most": 251}, "days_at_most"),
        ({"reason": " "}, None),
        ({"days": 10, "days_at_most": 20}, None),
    ],
    ids=["no day", "the last day before the usual one", "beyond a year", "no reason", "nothing changes"],
)
def test_wrong_time_limits_are_refused(wrong: dict[str, Any], field: str | None) -> None:
    region = builder.region("pingliang")
    with pytest.raises(DomainError) as refused:
        set_reimbursement_days(region, **DAYS | wrong, actor=builder.staff("officer"))
    assert refused.value.details.get("field") == field
    assert limits(region) == (10, 20)


def test_the_database_refuses_a_last_day_before_the_usual_one() -> None:
    region = builder.region("pingliang")
    for wrong in ({"reimbursement_days": 0}, {"reimbursement_days": 21}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PoolingRegion.objects.filter(pk=region.pk).update(**wrong)


def test_a_policy_officer_sets_the_time_limits_on_the_regions_page(office: Office) -> None:
    officer = visitor(office.staff["policy_officer"])
    form = officer.get(button("set_days", office.here)).context["form"]
    assert (form["days"].value(), form["days_at_most"].value()) == (10, 20)
    refused = officer.post(button("set_days", office.here), DAYS | {"days": 13}).context["form"]
    assert "between 13 and 250" in refused.non_field_errors()[0]
    assert officer.post(button("set_days", office.here), DAYS).status_code == 302
    assert limits(office.here) == (5, 12)
    page = officer.get(button("change", office.here)).content.decode()
    assert "working days for a manual reimbursement" in page.lower()


@pytest.mark.parametrize("role", sorted({role.value for role in Role} - {"policy_officer"} | {"clerk_away"}))
def test_nobody_else_sets_the_time_limits(office: Office, role: str) -> None:
    response = visitor(office.staff[role]).post(button("set_days", office.here), DAYS)
    assert response.status_code in {302, 403}
    assert limits(office.here) == (10, 20)
