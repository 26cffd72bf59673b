"""What the form of a new claim offers: today, and the provider of the claim before."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from agency.models import Role
from claims.models import Claim
from tests.builder import staff
from tests.builder.office import Office, claim_form
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db

ADD = reverse("admin:claims_claim_add")


def offered(client: Client, query: str = "") -> dict[str, Any]:
    """What the fields begin with."""
    form = client.get(f"{ADD}{query}").context["form"]
    return {name: form[name].value() for name in ("provider", "served_on", "filed_on")}


def test_the_provider_of_ones_own_last_claim_today_is_offered(office: Office) -> None:
    clerk, clinic = visitor(staff("zhao", Role.CLERK, region=office.here)), office.objs["provider_zaozhuang"]
    assert offered(clerk) == {"provider": None, "served_on": localdate(), "filed_on": None}
    clerk.post(ADD, claim_form(office.members[0], clinic))
    assert offered(clerk)["provider"] == clinic.pk
    assert offered(clerk, f"?member={office.members[1].pk}")["provider"] == clinic.pk
    # One of another region is not treated there.
    assert office.stranger is not None
    root = visitor(office.staff["root"])
    assert offered(root)["provider"] is None
    root.post(ADD, claim_form(office.members[0], clinic, claim_number="C9002"))
    assert offered(root)["provider"] == clinic.pk
    assert offered(root, f"?member={office.stranger.pk}")["provider"] is None


def test_a_manual_claim_begins_among_the_reimbursements_and_goes_on_there(office: Office) -> None:
    clerk = visitor(staff("zhao", Role.CLERK, region=office.here))
    led = clerk.get(reverse("admin:reimbursements_reimbursement_new_manual_claim"))
    today = f"{localdate():%Y-%m-%d}"
    assert led.headers["Location"] == f"{ADD}?filed_on={today}"
    assert offered(clerk, f"?filed_on={today}") == {"provider": None, "served_on": None, "filed_on": today}
    sent = clerk.post(
        led.headers["Location"], claim_form(office.members[0], office.objs["provider_zaozhuang"], filed_on=today)
    )
    begun = Claim.objects.get(claim_number="C9001").reimbursement
    assert sent.headers["Location"] == button("change", begun)
