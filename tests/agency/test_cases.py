"""Taking what waits: given back, handed over, and over once the row has moved on."""

from typing import Any

import pytest
from django.urls import reverse

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import TakenCase
from agency.services.cases import colleagues_for, give_back, hand_over, take_case
from members.services.diseases import approve_disease_registration
from monitoring.services.flags import decide_flag
from tests.builder.office import REASON, Office
from tests.builder.screens import visitor

APPROVE = "members.approve_diseaseregistration"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_taking_twice_is_taking_once(office: Office) -> None:
    registration, supervisor = office.objs["registration"], office.staff["supervisor"]
    first = take_case(registration, APPROVE, actor=supervisor)
    assert take_case(registration, APPROVE, actor=supervisor) == first
    assert first.region == office.here


@pytest.mark.parametrize("who", ["clerk", "clerk_away", "auditor"])
def test_nobody_takes_what_they_may_not_do(office: Office, who: str) -> None:
    with pytest.raises(NotPermitted):
        take_case(office.objs["registration"], APPROVE, actor=office.staff[who])


def test_only_the_holder_or_a_supervisor_gives_back(office: Office) -> None:
    reimbursement, clerk = office.objs["reimbursement"], office.staff["clerk"]
    change = "reimbursements.change_reimbursement"
    take_case(reimbursement, change, actor=clerk)
    with pytest.raises(NotPermitted):
        give_back(reimbursement, change, actor=office.staff["finance"])
    give_back(reimbursement, change, actor=office.staff["supervisor"])
    with pytest.raises(MoveNotAllowed):
        give_back(reimbursement, change, actor=clerk)
    assert list(TakenCase.history.values_list("history_type", "history_user__username")) == [
        ("-", "supervisor"),
        ("+", "clerk"),
    ]


def test_a_case_is_handed_over_to_a_colleague_who_may_do_it(office: Office) -> None:
    registration, supervisor = office.objs["registration"], office.staff["supervisor"]
    second = office.staff["second_supervisor"]
    take_case(registration, APPROVE, actor=supervisor)
    assert set(colleagues_for(registration, APPROVE)) == {supervisor, second}
    with pytest.raises(DomainError, match="may not do this"):
        hand_over(registration, APPROVE, to=office.staff["clerk"], actor=supervisor, reason=REASON)
    with pytest.raises(DomainError, match="reason"):
        hand_over(registration, APPROVE, to=second, actor=supervisor, reason=" ")
    held = hand_over(registration, APPROVE, to=second, actor=supervisor, reason="on leave")
    assert held.holder == second
    assert held.history.first().history_change_reason == "on leave"
    with pytest.raises(MoveNotAllowed):
        hand_over(registration, APPROVE, to=second, actor=supervisor, reason=REASON)


def test_a_decision_lets_the_case_go(office: Office) -> None:
    registration, supervisor = office.objs["registration"], office.staff["supervisor"]
    take_case(registration, APPROVE, actor=supervisor)
    approve_disease_registration(registration, actor=office.staff["second_supervisor"])
    assert not TakenCase.objects.exists()
    assert TakenCase.history.first().history_change_reason == "moved on"


def test_a_flag_that_is_decided_lets_the_case_go(office: Office) -> None:
    flag, supervisor = office.objs["review_flag"], office.staff["supervisor"]
    take_case(flag, "monitoring.decide_reviewflag", actor=supervisor)
    decide_flag(flag, confirmed=False, actor=supervisor, reason=REASON)
    assert not TakenCase.objects.exists()


# --- On the screens ---------------------------------------------------------------------------------


def page(registration: Any) -> str:
    return reverse("admin:members_diseaseregistration_change", args=[registration.pk])


def test_home_and_the_page_offer_to_take_and_then_say_who_has_it(office: Office) -> None:
    registration = office.objs["registration"]
    first, second = visitor(office.staff["supervisor"]), visitor(office.staff["second_supervisor"])
    key = f"members.diseaseregistration:{registration.pk}|{APPROVE}"
    for address in (reverse("admin:index"), page(registration)):
        assert f'value="{key}"' in first.get(address).content.decode()
    assert first.post(reverse("admin:take_case"), {"case": key})["Location"] == page(registration)
    assert TakenCase.objects.get().holder == office.staff["supervisor"]
    response = second.post(reverse("admin:take_case"), {"case": key, "next": page(registration)}, follow=True)
    assert "supervisor has taken this already." in response.content.decode()
    assert "supervisor has taken this since" in second.get(page(registration)).content.decode()
    assert "You have taken this since" in first.get(page(registration)).content.decode()
    assert first.post(reverse("admin:give_back_case"), {"case": key}).status_code == 302
    assert not TakenCase.objects.exists()


def test_the_form_hands_over_to_colleagues_for_whom_it_waits(office: Office) -> None:
    registration, supervisor = office.objs["registration"], office.staff["supervisor"]
    take_case(registration, APPROVE, actor=supervisor)
    key = f"members.diseaseregistration:{registration.pk}|{APPROVE}"
    address = reverse("admin:hand_over_case") + f"?case={key}"
    client, second = visitor(supervisor), office.staff["second_supervisor"]
    form = client.get(address).context["form"]
    assert list(form.fields["to"].queryset) == [second]
    assert client.post(address, {"to": second.pk, "reason": "on leave"})["Location"] == page(registration)
    assert TakenCase.objects.get().holder == second


@pytest.mark.parametrize("case", ["", "members.diseaseregistration:0|x", "nothing:1|x", "members.member:1|members.x"])
def test_what_is_no_case_of_the_persons_is_not_found(office: Office, case: str) -> None:
    client = visitor(office.staff["supervisor"])
    assert client.post(reverse("admin:take_case"), {"case": case}).status_code == 404
    assert client.get(reverse("admin:hand_over_case"), {"case": case}).status_code == 404
    key = f"members.diseaseregistration:{office.objs['registration'].pk}|{APPROVE}"
    assert visitor(office.staff["clerk"]).post(reverse("admin:take_case"), {"case": key}).status_code == 404
