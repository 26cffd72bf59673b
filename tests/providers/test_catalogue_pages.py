"""The catalogue on screen, and what the provider's page says of dual channel and hospitals."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from files.services.import_kinds import may_import
from policies.engine.vocabulary import CatalogCategory, ItemKind, Tier
from providers.models import CatalogItem, Provider, ProviderKind
from providers.services import register_provider
from providers.services.catalogue import record_catalog_item
from tests.builder.office import REASON, Office
from tests.builder.screens import text_of, visitor

pytestmark = pytest.mark.django_db

ITEM = {
    "name": "阿莫西林",
    "kind": "drug",
    "category": "B",
    "upfront_rate": "15",
    "price_limit": "12.50",
    "first_day": "2024-01-01",
    "reason": REASON,
}


def test_an_officer_records_an_item(office: Office) -> None:
    sent = ITEM | {"region": office.here.pk, "code": "XN02BEB001", "is_negotiated": "on"}
    response = visitor(office.staff["policy_officer"]).post(reverse("admin:providers_catalogitem_add"), sent)
    item = CatalogItem.objects.get(code="XN02BEB001")
    assert response["Location"] == reverse("admin:providers_catalogitem_change", args=[item.pk])
    assert (item.upfront_rate, item.price_limit, item.is_negotiated) == (Decimal("0.15"), Decimal("12.50"), True)
    latest = item.history.get()
    assert (latest.history_user, latest.history_change_reason) == (office.staff["policy_officer"], REASON)


def test_a_change_is_another_entry_of_the_code(office: Office) -> None:
    item = office.objs["catalog_item"]
    officer = visitor(office.staff["policy_officer"])
    address = reverse("admin:providers_catalogitem_change_entry", args=[item.pk])
    # The form starts from what is in force: a tenth.
    form = officer.get(address).context["form"]
    assert [str(form[name].value()) for name in ("name", "category", "upfront_rate")] == ["阿莫西林", "B", "10"]
    response = officer.post(address, ITEM)
    newer = CatalogItem.objects.get(code=item.code, period__startswith=date(2024, 1, 1))
    assert response["Location"] == reverse("admin:providers_catalogitem_change", args=[newer.pk])
    for entry in (item, newer):
        page = text_of(office.staff["auditor"], entry)
        assert "Jan. 1, 2023 – Dec. 31, 2023" in page
        assert "from Jan. 1, 2024" in page
        assert "15%" in page
        assert "12.50" in page
    assert "Change from a day on" in text_of(office.staff["policy_officer"], newer)
    assert "Change from a day on" not in text_of(office.staff["policy_officer"], item)
    assert "Change from a day on" not in text_of(office.staff["clerk"], newer)


def test_what_the_service_refuses_stands_on_the_form(office: Office) -> None:
    sent = ITEM | {"region": office.here.pk, "code": "XN02BEB001", "category": "A"}
    response = visitor(office.staff["policy_officer"]).post(reverse("admin:providers_catalogitem_add"), sent)
    assert "category B" in response.context["form"].non_field_errors()[0]
    assert not CatalogItem.objects.filter(code="XN02BEB001").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=XJ01CAA001", ["XJ01CAA001"]),
        ("q=XJ01", []),
        ("q=彩超", ["ZD0001"]),
        ("q=超声", []),
        ("kind__exact=item", ["ZD0001"]),
        ("category__exact=B", ["XJ01CAA001"]),
        ("is_negotiated__exact=1", []),
        ("", ["XJ01CAA001", "ZD0001"]),
    ],
)
def test_items_are_found_by_code_and_beginning_of_the_name(query: str, found: list[str], office: Office) -> None:
    for region, code in ((office.here, "ZD0001"), (office.away, "ZD0002")):
        record_catalog_item(
            region,
            code=code,
            name="彩超检查超声",
            kind=ItemKind.TREATMENT,
            category=CatalogCategory.A,
            first_day=date(2023, 1, 1),
            reason=REASON,
        )
    address = f"{reverse('admin:providers_catalogitem_changelist')}?{query}"
    response = visitor(office.staff["clerk"]).get(address)
    assert [item.code for item in response.context["cl"].result_list] == found


@pytest.mark.parametrize(
    ("role", "may"), [("policy_officer", True), ("clerk", False), ("supervisor", False), ("auditor", False)]
)
def test_the_catalogue_is_imported_by_policy_officers(role: str, may: bool, office: Office) -> None:
    assert may_import("catalog_items", region=office.here, actor=office.staff[role]) is may
    assert not may_import("catalog_items", region=office.away, actor=office.staff[role])


def test_an_internet_hospital_shows_the_hospital_behind_it(office: Office) -> None:
    hospital = office.objs["provider_zaozhuang"]
    sent = {
        "region": office.here.pk,
        "code": "N0001",
        "name": "枣庄互联网医院",
        "kind": "medical_institution",
        "first_day": "2024-01-01",
        "is_designated": "on",
        "hospital": hospital.pk,
        "reason": REASON,
    }
    clerk = visitor(office.staff["clerk"])
    assert clerk.post(reverse("admin:providers_provider_add"), sent).status_code == 302
    provider = Provider.objects.get(code="N0001")
    assert provider.agreements.get().tier == Tier.SECONDARY
    assert hospital.name in text_of(office.staff["auditor"], provider)
    # The form of a change leaves the tier to the hospital.
    form = clerk.get(reverse("admin:providers_provider_change_terms", args=[provider.pk])).context["form"]
    assert [form[name].value() for name in ("tier", "hospital")] == ["", hospital.pk]


def test_a_pharmacy_becomes_dual_channel_and_its_agreement_ends(office: Office) -> None:
    pharmacy = register_provider(
        office.here,
        code="P0001",
        name="健康大药房",
        kind=ProviderKind.RETAIL_PHARMACY,
        tier=Tier.PHARMACY,
        first_day=date(2023, 1, 1),
        reason=REASON,
    )
    clerk, text = visitor(office.staff["clerk"]), "dual channel for negotiated drugs"
    assert text not in text_of(office.staff["auditor"], pharmacy)
    sent = {"tier": "pharmacy", "first_day": "2024-01-01", "is_dual_channel": "on", "reason": REASON}
    address = reverse("admin:providers_provider_change_terms", args=[pharmacy.pk])
    assert clerk.post(address, sent).status_code == 302
    assert text in text_of(office.staff["auditor"], pharmacy)
    newest = pharmacy.agreements.get(period__startswith=date(2024, 1, 1))
    assert (newest.is_dual_channel, newest.is_designated) == (True, False)

    end = reverse("admin:providers_provider_end_terms", args=[pharmacy.pk])
    response = clerk.post(end, {"last_day": "2023-12-31", "reason": REASON})
    assert "newest agreement" in response.context["form"].non_field_errors()[0]
    assert clerk.post(end, {"last_day": "2024-06-30", "reason": REASON}).status_code == 302
    page = text_of(office.staff["auditor"], pharmacy)
    assert "Jan. 1, 2024 – June 30, 2024" in page
