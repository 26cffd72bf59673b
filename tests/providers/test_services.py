"""Providers, and the agreements that say what tier they have and whether they are designated."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError
from policies.engine.vocabulary import Tier
from providers.models import Agreement, Provider, ProviderKind
from providers.selectors import agreement_on
from providers.services import change_agreement, register_provider
from tests.builder import REASON, a_provider, region, staff

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)
DAY = date(2023, 7, 1)


@pytest.fixture
def provider() -> Provider:
    """A designated secondary hospital since FIRST."""
    return a_provider(region("pingliang"), Tier.SECONDARY, first_day=FIRST)


def register(**overrides: Any) -> Provider:
    """A hospital of Pingliang with this code."""
    facts: dict[str, Any] = {
        "code": "H62080000001",
        "name": "市人民医院",
        "kind": ProviderKind.MEDICAL_INSTITUTION,
        "tier": Tier.TERTIARY_A,
        "first_day": FIRST,
        "reason": REASON,
    }
    return register_provider(region(overrides.pop("slug", "pingliang")), **(facts | overrides))


@pytest.mark.parametrize("kind", ProviderKind)
@pytest.mark.parametrize("tier", Tier)
def test_a_pharmacy_has_the_tier_of_pharmacies_and_nobody_else_has(kind: ProviderKind, tier: Tier) -> None:
    if (kind == ProviderKind.RETAIL_PHARMACY) is (tier == Tier.PHARMACY):
        agreement = register(kind=kind, tier=tier).agreements.get()
        assert (agreement.tier, agreement.period) == (tier, DateRange(FIRST, None))
    else:
        with pytest.raises(DomainError):
            register(kind=kind, tier=tier)
        assert not Provider.objects.exists()


def test_a_code_is_given_once_in_a_region() -> None:
    first = register()
    with pytest.raises(DomainError):
        register(name="另一家")
    assert Provider.objects.get() == first
    register(slug="dazhou")
    assert Provider.objects.count() == 2


def test_a_provider_says_who_registered_it_and_why() -> None:
    actor = staff("zhang")
    provider = register(actor=actor, reason="协议 2020-5", is_out_of_area=True, is_designated=False)
    agreement = provider.agreements.get()
    for latest in (provider.history.get(), agreement.history.get()):
        assert (latest.history_user, latest.history_change_reason) == (actor, "协议 2020-5")
    assert provider.is_out_of_area
    assert not agreement.is_designated


@pytest.mark.parametrize(
    ("day", "tier", "is_designated"),
    [
        (date(2019, 12, 31), None, None),
        (FIRST, Tier.SECONDARY, True),
        (date(2023, 6, 30), Tier.SECONDARY, True),
        (DAY, Tier.TERTIARY_C, False),
        (date(2030, 1, 1), Tier.TERTIARY_C, False),
    ],
)
def test_an_agreement_holds_from_its_day_until_the_day_before_the_next(
    day: date, tier: Tier | None, is_designated: bool | None, provider: Provider
) -> None:
    change_agreement(provider, tier=Tier.TERTIARY_C, first_day=DAY, is_designated=False, reason=REASON)
    found = agreement_on(provider, day)
    assert (found.tier if found else None) == tier
    assert (found.is_designated if found else None) == is_designated


def test_a_change_is_in_both_agreements_histories(provider: Provider) -> None:
    actor = staff("zhang")
    change_agreement(provider, tier=Tier.SECONDARY, first_day=DAY, is_designated=False, actor=actor, reason="解除协议")
    for agreement in provider.agreements.all():
        latest = agreement.history.first()
        assert latest is not None
        assert (latest.history_user, latest.history_change_reason) == (actor, "解除协议")


@pytest.mark.parametrize("first_day", [FIRST, date(2019, 12, 31)], ids=["the same day", "before it"])
def test_an_agreement_is_not_put_under_one_that_begins_later(first_day: date, provider: Provider) -> None:
    with pytest.raises(DomainError):
        change_agreement(provider, tier=Tier.PRIMARY, first_day=first_day, is_designated=True, reason=REASON)
    assert provider.agreements.get().period == DateRange(FIRST, None)


@pytest.mark.parametrize(
    ("period", "constraint"),
    [
        (DateRange(DAY, None), "agreements_of_a_provider_never_overlap"),
        (DateRange(date(2019, 1, 1), date(2020, 1, 2)), "agreements_of_a_provider_never_overlap"),
        (DateRange(None, FIRST), "an_agreement_has_a_first_day"),
        (DateRange(DAY, DAY), "an_agreement_has_a_first_day"),
    ],
)
def test_the_database_refuses_an_agreement(period: DateRange, constraint: str, provider: Provider) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Agreement.objects.create(provider=provider, period=period, tier=Tier.PRIMARY)


def test_the_database_refuses_a_code_twice(provider: Provider) -> None:
    with pytest.raises(IntegrityError, match="a_provider_code_is_used_once_per_region"), transaction.atomic():
        Provider.objects.create(
            region=provider.region, code=provider.code, name="另一家", kind=ProviderKind.MEDICAL_INSTITUTION
        )
