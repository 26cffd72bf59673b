"""Diseases on screen: registered on the member's page, decided by another person, ended."""

from typing import Any

import pytest
from django.urls import reverse

from members.models import DiseaseRegistration, RegistrationState
from tests.builder.office import REASON, Office
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db

SENT = {"code": "M00201", "benefit": "special_disease", "since": "2024-02-01", "until": "", "reason": REASON}


def asked_for(office: Office, who: str = "supervisor", **more: str) -> DiseaseRegistration:
    """A registration that somebody asked for on the member's page."""
    address = reverse("admin:members_member_register_disease", args=[office.members[0].pk])
    response = visitor(office.staff[who]).post(address, {**SENT, **more})
    assert response.status_code == 302, response.context["form"].errors
    return DiseaseRegistration.objects.latest("pk")


def test_the_form_offers_the_catalogue_of_the_members_region(office: Office) -> None:
    address = reverse("admin:members_member_register_disease", args=[office.members[0].pk])
    client = visitor(office.staff["clerk"])
    offered = [code for code, _name in client.get(address).context["form"].fields["code"].choices if code]
    assert offered == list(office.here.diseases.order_by("code").values_list("code", flat=True))
    assert list(client.post(address, {**SENT, "code": "M99999"}).context["form"].errors) == ["code"]
    refused = client.post(address, {**SENT, "until": "2024-01-01"})
    assert "before the first" in refused.context["form"].non_field_errors()[0]


def test_another_person_approves_and_somebody_ends_it(office: Office) -> None:
    asked = asked_for(office)
    same = visitor(office.staff["supervisor"]).post(button("approve", asked), {"reason": ""})
    assert "Another person" in same.context["form"].non_field_errors()[0]
    other = visitor(office.staff["second_supervisor"])
    assert other.post(button("approve", asked), {"reason": ""}).status_code == 302
    assert other.post(button("end", asked), {"last_day": "2024-06-30", "reason": REASON}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, str(asked.period.upper)) == (RegistrationState.APPROVED, "2024-07-01")
    page = other.get(reverse("admin:members_member_change", args=[office.members[0].pk])).content.decode()
    assert "M00201" in page


def test_a_refusal_says_why(office: Office) -> None:
    asked = office.objs["registration"]
    client = visitor(office.staff["supervisor"])
    assert list(client.post(button("refuse", asked), {"reason": ""}).context["form"].errors) == ["reason"]
    client.post(button("refuse", asked), {"reason": "no papers"})
    asked.refresh_from_db()
    assert asked.state == RegistrationState.REFUSED
    assert "no papers" in client.get(button("change", asked)).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "M03900"}, True),
        ({"q": "张"}, True),
        ({"q": "M00201"}, False),
        ({"benefit": "special_disease", "state": "submitted"}, True),
        ({"benefit": "chronic_disease"}, False),
    ],
)
def test_registrations_are_found_by_disease_member_and_benefit(
    office: Office, query: dict[str, Any], found: bool
) -> None:
    response = visitor(office.staff["clerk"]).get(reverse("admin:members_diseaseregistration_changelist"), query)
    assert list(response.context["cl"].queryset) == ([office.objs["registration"]] if found else [])
