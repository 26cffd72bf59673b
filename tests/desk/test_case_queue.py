"""Decisions in a queue: the next case opens by itself, until none waits."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agency.admin.case_queue import following
from agency.models import Role, User
from members.models import DiseaseRegistration, RegistrationState
from members.services.diseases import submit_disease_registration
from tests.builder import REASON, a_member, region, staff
from tests.builder.people import CHRONIC, HYPERTENSION
from tests.builder.screens import button, press, sentences, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ON = {"_go_on": "on"}
HOME = "/admin/"


@pytest.fixture
def clerk() -> User:
    return staff("zhang", Role.CLERK, Role.SUPERVISOR)


@pytest.fixture
def supervisor() -> Client:
    return visitor(staff("li", Role.SUPERVISOR))


def asked(clerk: User, slug: str = "baoshan") -> DiseaseRegistration:
    """A registration that waits for another person."""
    member = a_member(region(slug))
    since = date(2023, 3, 1)
    return submit_disease_registration(
        member, code=HYPERTENSION, benefit=CHRONIC, since=since, actor=clerk, reason=REASON
    )


def led(client: Client, address: str) -> str:
    """Where an address leads on to."""
    return client.get(address).headers["Location"]


def test_each_decision_opens_the_next_case_and_the_last_stays_open(clerk: User, supervisor: Client) -> None:
    first, second, third = (asked(clerk) for _each in range(3))
    answer = press(supervisor, "approve", first, reason="", **ON)
    assert answer.url == button("change", second)
    assert sentences(answer) == ["The registration is approved. 2 more wait."]
    answer = press(supervisor, "refuse", second, reason="no papers", **ON)
    assert answer.url == button("change", third)
    assert sentences(answer)[-1].endswith("1 more waits.")
    answer = press(supervisor, "approve", third, reason="", **ON)
    assert answer.url == button("change", third)
    assert sentences(answer)[-1].endswith("Nothing more of this kind waits for you.")
    states = DiseaseRegistration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [RegistrationState.APPROVED, RegistrationState.REFUSED, RegistrationState.APPROVED]


def test_whoever_switches_it_off_stays_and_is_asked_so_again(clerk: User, supervisor: Client) -> None:
    first, second = asked(clerk), asked(clerk)
    page = supervisor.get(button("approve", first))
    assert page.context["goes_on"]
    assert press(supervisor, "approve", first, reason="").url == button("change", first)
    assert not supervisor.get(button("approve", second)).context["goes_on"]


def test_what_the_service_refuses_stays_on_its_form(clerk: User, supervisor: Client) -> None:
    first, _second = asked(clerk), asked(clerk)
    answer = press(supervisor, "refuse", first, reason="", **ON)
    assert answer.status_code == 200
    assert answer.context["goes_on"]


def test_a_case_is_passed_over_and_not_opened_again_by_the_next_decision(clerk: User, supervisor: Client) -> None:
    first, second, third = (asked(clerk) for _each in range(3))
    assert led(supervisor, button("next_case", first)) == button("change", second)
    assert press(supervisor, "approve", second, reason="", **ON).url == button("change", third)
    # After the last of the list comes what was passed over.
    assert led(supervisor, button("next_case", third)) == button("change", first)


def test_nobody_is_led_to_what_they_may_not_decide(clerk: User, supervisor: Client) -> None:
    away = visitor(staff("wang", Role.SUPERVISOR, region=region("baoshan")))
    here, _elsewhere = asked(clerk), asked(clerk, "pingliang")
    assert press(away, "approve", here, reason="", **ON).url == button("change", here)
    # Whoever wrote it is offered no way on, and has no first case.
    own = asked(clerk)
    shown = [client.get(button("change", own)).context["next_url"] for client in (visitor(clerk), supervisor)]
    assert shown == ["", button("next_case", own)]
    assert led(visitor(clerk), reverse("admin:next_case")) == HOME


def test_the_first_case_of_all_kinds_is_one_key_away(clerk: User, supervisor: Client) -> None:
    answer = supervisor.get(reverse("admin:next_case"))
    assert answer.headers["Location"] == HOME
    assert sentences(answer) == ["Nothing waits for your decision."]
    waiting = asked(clerk)
    assert led(supervisor, reverse("admin:next_case")) == button("change", waiting)
    answer = supervisor.get(button("next_case", waiting))
    assert answer.headers["Location"] == button("change", waiting)
    assert sentences(answer)[-1] == "No other case of this kind waits for you."


@pytest.mark.parametrize(
    ("now", "wanted"),
    [([1, 3, 4], 3), ([1], 1), ([], None), ([2], None), ([5], 5)],
)
def test_the_next_is_the_one_that_followed(now: list[int], wanted: int | None) -> None:
    assert following([1, 2, 3, 4], now, 2) == wanted
