"""A provider's bank account, its place, and the retention that its agreements name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from agency.exceptions import DomainError
from policies.engine.vocabulary import Tier
from providers.models import Agreement, HospitalGrade, Provider
from providers.services import change_agreement
from providers.services.details import set_payee, set_place
from tests import builder
from tests.builder.office import REASON, Office
from tests.builder.screens import button, text_of, visitor, words_of

pytestmark = pytest.mark.django_db
NUMBER = "6222021604001234567"


def test_the_bank_account_is_kept_encrypted_and_shown_masked() -> None:
    provider = set_payee(builder.a_provider(builder.region("dazhou")), bank=" 工商银行 ", account=NUMBER, reason=REASON)
    found = Provider.objects.get(pk=provider.pk)
    assert (found.payee_bank, found.payee_account, found.masked_account) == ("工商银行", NUMBER, "6222***********4567")
    assert found.history.latest().history_change_reason == REASON


@pytest.mark.parametrize("missing", ["bank", "account"])
def test_bank_and_number_belong_together(missing: str) -> None:
    facts = {"bank": "工商银行", "account": NUMBER} | {missing: " "}
    with pytest.raises(DomainError) as refused:
        set_payee(builder.a_provider(builder.region("dazhou")), **facts, reason=REASON)  # type: ignore[arg-type]
    assert refused.value.details["field"] == missing


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [("31.2", None, "longitude"), (None, "107.5", "latitude"), ("90.1", "0", "latitude"), ("0", "-180.1", "longitude")],
)
def test_a_place_is_two_degrees_that_exist(latitude: str | None, longitude: str | None, field: str) -> None:
    degrees: dict[str, Any] = {
        name: None if text is None else Decimal(text)
        for name, text in (("latitude", latitude), ("longitude", longitude))
    }
    with pytest.raises(DomainError) as refused:
        set_place(builder.a_provider(builder.region("dazhou")), **degrees, reason=REASON)
    assert refused.value.details["field"] == field
    with override("en"):
        assert ("between -90 and 90" in str(refused.value)) == (None not in (latitude, longitude))


def test_a_place_is_recorded_and_taken_back() -> None:
    provider = builder.a_provider(builder.region("dazhou"))
    set_place(provider, latitude=Decimal("31.209121"), longitude=Decimal("107.467758"), reason=REASON)
    assert Provider.objects.get(pk=provider.pk).longitude == Decimal("107.467758")
    set_place(provider, latitude=None, longitude=None, reason=REASON)
    assert Provider.objects.get(pk=provider.pk).latitude is None


@pytest.mark.parametrize("rate", ["-0.01", "1"])
def test_a_retention_is_less_than_the_whole(rate: str) -> None:
    with pytest.raises(DomainError) as refused:
        change_agreement(
            builder.a_provider(builder.region("dazhou")),
            tier=Tier.PRIMARY,
            first_day=date(2023, 1, 1),
            is_designated=True,
            retention_rate=Decimal(rate),
            reason=REASON,
        )
    assert refused.value.details["field"] == "retention_rate"
    with override("en"):
        assert str(refused.value) == "Enter a retention of at least 0 % and below 100 %."


def test_an_internet_hospitals_retention_outlasts_its_hospitals_change_of_tier() -> None:
    hospital, internet = (builder.a_provider(builder.region("dazhou"), Tier.SECONDARY) for _number in range(2))
    change_agreement(
        internet,
        first_day=date(2023, 1, 1),
        is_designated=True,
        hospital=hospital,
        retention_rate=Decimal("0.05"),
        reason=REASON,
    )
    change_agreement(hospital, tier=Tier.TERTIARY_B, first_day=date(2024, 1, 1), is_designated=True, reason=REASON)
    held = Agreement.objects.filter(provider=internet, hospital=hospital).order_by("period")
    assert [(each.tier, each.retention_rate) for each in held] == [
        (Tier.SECONDARY, Decimal("0.05")),
        (Tier.TERTIARY_B, Decimal("0.05")),
    ]


def test_a_clerk_sets_them_on_the_providers_page(office: Office) -> None:
    provider, clerk = office.objs["provider_zaozhuang"], visitor(office.staff["clerk"])
    sent: dict[str, dict[str, str]] = {
        "change_payee": {"bank": "农业银行", "account": NUMBER},
        "change_place": {"latitude": "34.807883", "longitude": "117.323759"},
        "change_terms": {
            "tier": "secondary",
            "first_day": "2024-07-01",
            "is_designated": "on",
            "retention_rate": "2.5",
        },
    }
    for name, data in sent.items():
        assert clerk.post(button(name, provider), data | {"reason": REASON}).status_code == 302, name
    text = text_of(office.staff["finance"], provider)
    history = text_of(office.staff["finance"], provider, "history")
    for words in ("农业银行", "6222***********4567", "34.807883", "2.5%"):
        assert words in text
    assert NUMBER not in text + history


@pytest.mark.parametrize(
    ("tier", "grades"),
    [
        (Tier.PRIMARY, {"08", "09", "10", "11"}),
        (Tier.SECONDARY, {"05", "06", "07"}),
        (Tier.TERTIARY_C, {"04"}),
        (Tier.TERTIARY_B, {"03"}),
        (Tier.TERTIARY_A, {"01", "02"}),
    ],
)
def test_a_grade_fits_its_tier_and_stays_with_its_period(tier: Tier, grades: set[str]) -> None:
    provider = builder.a_provider(builder.region("baoshan"), tier)
    terms: dict[str, Any] = {"tier": tier, "is_designated": True, "reason": builder.REASON}
    for day, grade in enumerate(sorted(HospitalGrade.values), start=1):
        first_day = date(2023, 1, day)
        if grade in grades:
            assert change_agreement(provider, first_day=first_day, grade=grade, **terms).grade == grade
        else:
            with pytest.raises(DomainError) as refused:
                change_agreement(provider, first_day=first_day, grade=grade, **terms)
            assert refused.value.details["field"] == "grade"
    kept = provider.agreements.order_by("period").values_list("grade", flat=True)
    assert list(kept) == ["", *sorted(grades)]


def test_a_clerk_corrects_a_name_on_the_page(office: Office) -> None:
    known, clerk = office.objs["provider_zaozhuang"], office.staff["clerk"]
    sent = {"name": "中心医院", "division": "370402", "reason": "renamed"}
    assert visitor(clerk).post(button("correct", known), sent).status_code == 302
    words = words_of(clerk, known)
    assert "中心医院" in words
    assert "370402" in words
