"""What an authorization's form offers, and what whoever approves it sees."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import FamilyUseAuthorization
from agency.models import Role
from agency.services.staff import assign_role
from tests.builder.office import REASON, Office
from tests.builder.screens import text_of, visitor

pytestmark = pytest.mark.django_db


def authorize(office: Office) -> str:
    """The address of the form on the page of the member with an account."""
    return reverse("admin:members_member_authorize_relative", args=[office.members[0].pk])


@pytest.fixture
def authorizing(office: Office) -> Client:
    """A clerk of both regions."""
    clerk = office.staff["clerk"]
    assign_role(clerk, Role.CLERK, office.away, reason=REASON)
    return visitor(clerk)


def test_the_form_offers_what_the_region_does_not_forbid_for_family(office: Office) -> None:
    """Zaozhuang 8: costs, pharmacies, and premiums of residents', long-term-care and guided commercial insurance."""
    form = visitor(office.staff["clerk"]).get(authorize(office)).context["form"]
    expected = [
        "medical_cost",
        "pharmacy_drug",
        "pharmacy_device",
        "pharmacy_consumable",
        "resident_premium",
        "long_term_care_premium",
        "commercial_premium",
    ]
    assert [value for value, _label in form.fields["scopes"].choices] == expected
    assert form.fields["scopes"].initial == expected


@pytest.mark.parametrize("missing", ["scopes", "evidence", "evidence_kind", "relative", "since"])
def test_an_authorization_names_scopes_and_evidence(office: Office, missing: str) -> None:
    sent: dict[str, Any] = {
        "relative": office.members[2].pk,
        "relationship": "child",
        "evidence_kind": "birth_certificate",
        "evidence": "Q370000001",
        "scopes": ["pharmacy_drug"],
        "since": "2024-02-01",
        "reason": REASON,
    }
    del sent[missing]
    response = visitor(office.staff["clerk"]).post(authorize(office), sent)
    assert list(response.context["form"].errors) == [missing]


def test_whoever_approves_sees_scopes_evidence_and_a_relative_of_another_province(
    office: Office, authorizing: Client
) -> None:
    assert office.stranger is not None
    notice = "insured in another province (Dazhou)"
    shown = {}
    for relative in (office.stranger, office.members[2]):
        sent = {
            "relative": relative.pk,
            "relationship": "spouse",
            "evidence_kind": "marriage_certificate",
            "evidence": "J370400-2015-000123",
            "scopes": ["medical_cost", "commercial_premium"],
            "since": "2024-02-01",
            "reason": REASON,
        }
        assert authorizing.post(authorize(office), sent).status_code == 302
        asked = FamilyUseAuthorization.objects.latest("pk")
        text = text_of(office.staff["supervisor"], asked)
        for words in ("commercial health insurance premium", "marriage certificate", "J370400-2015-000123"):
            assert words in text, words
        shown[relative.pk] = notice in text
    assert shown == {office.stranger.pk: True, office.members[2].pk: False}
