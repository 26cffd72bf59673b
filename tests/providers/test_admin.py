"""Providers and their agreements on screen."""

import pytest
from django.urls import reverse

from policies.engine.vocabulary import Tier
from providers.models import Provider
from tests.builder.office import REASON, Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db


def test_a_provider_is_registered_with_its_first_agreement(office: Office) -> None:
    sent = {
        "region": office.here.pk,
        "code": "H0002",
        "name": "薛城区人民医院",
        "kind": "medical_institution",
        "tier": "tertiary_b",
        "first_day": "2024-01-01",
        "is_designated": "on",
        "reason": REASON,
    }
    response = visitor(office.staff["clerk"]).post(reverse("admin:providers_provider_add"), sent)
    provider = Provider.objects.get(code="H0002")
    assert response["Location"] == reverse("admin:providers_provider_change", args=[provider.pk])
    assert provider.agreements.get().tier == Tier.TERTIARY_B


def test_a_pharmacy_with_a_hospitals_tier_is_refused(office: Office) -> None:
    sent = {
        "region": office.here.pk,
        "code": "H0003",
        "name": "药店",
        "kind": "retail_pharmacy",
        "tier": "secondary",
        "first_day": "2024-01-01",
        "reason": REASON,
    }
    response = visitor(office.staff["clerk"]).post(reverse("admin:providers_provider_add"), sent)
    assert "retail pharmacy" in response.context["form"].non_field_errors()[0]
    assert not Provider.objects.filter(code="H0003").exists()


def test_another_tier_holds_from_its_first_day(office: Office) -> None:
    provider = office.objs["provider_zaozhuang"]
    address = reverse("admin:providers_provider_change_terms", args=[provider.pk])
    sent = {"tier": "tertiary_a", "first_day": "2024-07-01", "is_designated": "on", "reason": REASON}
    assert visitor(office.staff["supervisor"]).post(address, sent).status_code == 302
    assert [agreement.tier for agreement in provider.agreements.order_by("period")] == ["secondary", "tertiary_a"]
    page = visitor(office.staff["auditor"]).get(reverse("admin:providers_provider_change", args=[provider.pk]))
    text = page.content.decode()
    assert "Jan. 1, 2022 – June 30, 2024" in text
    assert "from July 1, 2024" in text
