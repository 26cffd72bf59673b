"""Dual channel, internet hospitals with the hospital behind them, and agreements that end."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError
from policies.engine.vocabulary import Tier
from providers.models import Agreement, Provider, ProviderKind
from providers.selectors import agreement_on
from providers.services import change_agreement, end_agreement, register_provider
from tests.builder import REASON, a_provider, region, staff

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)
DAY = date(2023, 7, 1)
LATER = date(2024, 7, 1)


@pytest.fixture
def hospital() -> Provider:
    """A secondary hospital of Baoshan since FIRST."""
    return a_provider(region("baoshan"), Tier.SECONDARY, first_day=FIRST)


def online(hospital: Provider | None, **overrides: Any) -> Provider:
    """An internet hospital of Baoshan from DAY on."""
    facts: dict[str, Any] = {
        "code": "N53050000001",
        "name": "保山市互联网医院",
        "kind": ProviderKind.MEDICAL_INSTITUTION,
        "first_day": DAY,
        "hospital": hospital,
        "reason": REASON,
    } | overrides
    return register_provider(region("baoshan"), **facts)


def parts(provider: Provider) -> list[tuple[date, date | None, str]]:
    """First day, day after the last, tier."""
    agreements = provider.agreements.order_by("period")
    return [(agreement.period.lower, agreement.period.upper, agreement.tier) for agreement in agreements]


def refused(error: pytest.ExceptionInfo[DomainError]) -> Any:
    return error.value.details.get("field")


def test_a_pharmacy_becomes_dual_channel_from_a_day_on() -> None:
    pharmacy = a_provider(region("baoshan"), Tier.PHARMACY, first_day=FIRST)
    change_agreement(
        pharmacy, tier=Tier.PHARMACY, first_day=DAY, is_designated=True, is_dual_channel=True, reason=REASON
    )
    before, after = agreement_on(pharmacy, date(2023, 6, 30)), agreement_on(pharmacy, DAY)
    assert before is not None
    assert after is not None
    assert (before.is_dual_channel, after.is_dual_channel) == (False, True)


def test_a_hospital_is_not_dual_channel(hospital: Provider) -> None:
    with pytest.raises(DomainError, match="医疗机构请勿选择") as error:
        change_agreement(
            hospital, tier=Tier.SECONDARY, first_day=DAY, is_designated=True, is_dual_channel=True, reason=REASON
        )
    assert refused(error) == "is_dual_channel"
    assert parts(hospital) == [(FIRST, None, "secondary")]


@pytest.mark.parametrize(("tier", "other"), [(Tier.PHARMACY, Tier.PRIMARY), (Tier.PRIMARY, Tier.PHARMACY)])
def test_a_change_keeps_the_tier_that_fits_the_kind(tier: Tier, other: Tier) -> None:
    provider = a_provider(region("baoshan"), tier, first_day=FIRST)
    with pytest.raises(DomainError):
        change_agreement(provider, tier=other, first_day=DAY, is_designated=True, reason=REASON)
    assert parts(provider) == [(FIRST, None, tier)]


@pytest.mark.parametrize("tier", [None, Tier.SECONDARY])
def test_an_internet_hospital_has_the_tier_behind_it(tier: Tier | None, hospital: Provider) -> None:
    agreement = online(hospital, tier=tier).agreements.get()
    assert (agreement.tier, agreement.hospital, agreement.period) == ("secondary", hospital, DateRange(DAY, None))


def test_another_tier_than_the_hospitals_is_refused(hospital: Provider) -> None:
    with pytest.raises(DomainError, match="请将级别留空") as error:
        online(hospital, tier=Tier.TERTIARY_A)
    assert refused(error) == "tier"
    assert Provider.objects.get() == hospital


def test_without_a_hospital_the_tier_is_needed() -> None:
    with pytest.raises(DomainError, match="请选择级别") as error:
        online(None)
    assert refused(error) == "tier"
    assert not Provider.objects.exists()


def test_the_internet_hospitals_tier_follows_the_hospitals_past_and_future(hospital: Provider) -> None:
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=LATER, is_designated=True, reason=REASON)
    provider = online(hospital)
    assert parts(provider) == [(DAY, LATER, "secondary"), (LATER, None, "tertiary_a")]
    actor = staff("zhang")
    first = date(2025, 1, 1)
    change_agreement(hospital, tier=Tier.TERTIARY_C, first_day=first, is_designated=False, actor=actor, reason="降级")
    assert parts(provider) == [
        (DAY, LATER, "secondary"),
        (LATER, first, "tertiary_a"),
        (first, None, "tertiary_c"),
    ]
    newest = provider.agreements.get(period__startswith=first)
    latest = newest.history.get()
    assert (newest.hospital, newest.is_designated) == (hospital, True)
    assert (latest.history_user, latest.history_change_reason) == (actor, "降级")


def test_a_tier_changed_before_the_internet_hospital_begins_is_its_first(hospital: Provider) -> None:
    provider = online(hospital, first_day=LATER)
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=DAY, is_designated=True, reason=REASON)
    assert parts(provider) == [(LATER, None, "tertiary_a")]
    assert [row.tier for row in provider.agreements.get().history.order_by("history_id")] == ["secondary", "tertiary_a"]


def test_an_internet_hospital_that_ended_keeps_its_tier(hospital: Provider) -> None:
    provider = online(hospital)
    end_agreement(provider, last_day=date(2024, 6, 30), reason=REASON)
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=LATER, is_designated=True, reason=REASON)
    assert parts(provider) == [(DAY, LATER, "secondary")]


@pytest.mark.parametrize("case", ["pharmacy", "elsewhere", "not yet", "ended", "online itself"])
def test_what_cannot_stand_behind_an_internet_hospital(case: str, hospital: Provider) -> None:
    behind = hospital
    if case == "pharmacy":
        behind = a_provider(region("baoshan"), Tier.PHARMACY, first_day=FIRST)
    elif case == "elsewhere":
        behind = a_provider(region("dazhou"), Tier.SECONDARY, first_day=FIRST)
    elif case == "not yet":
        behind = a_provider(region("baoshan"), Tier.SECONDARY, first_day=date(2023, 7, 2))
    elif case == "ended":
        end_agreement(hospital, last_day=date(2023, 6, 30), reason=REASON)
    else:
        behind = online(hospital)
    with pytest.raises(DomainError) as error:
        online(behind, code="N53050000002")
    assert refused(error) == "hospital"
    assert not Provider.objects.filter(code="N53050000002").exists()


def test_a_pharmacy_has_no_hospital_behind_it(hospital: Provider) -> None:
    with pytest.raises(DomainError) as error:
        online(hospital, kind=ProviderKind.RETAIL_PHARMACY, tier=Tier.PHARMACY)
    assert refused(error) == "hospital"


def test_a_hospital_is_not_put_behind_itself(hospital: Provider) -> None:
    with pytest.raises(DomainError) as error:
        change_agreement(hospital, first_day=DAY, is_designated=True, hospital=hospital, reason=REASON)
    assert refused(error) == "hospital"


def test_a_hospital_with_internet_hospitals_does_not_become_one(hospital: Provider) -> None:
    online(hospital)
    other = a_provider(region("baoshan"), Tier.TERTIARY_A, first_day=FIRST)
    with pytest.raises(DomainError) as error:
        change_agreement(hospital, first_day=LATER, is_designated=True, hospital=other, reason=REASON)
    assert refused(error) == "hospital"
    assert parts(hospital) == [(FIRST, None, "secondary")]


def test_an_agreement_ends_after_its_last_day(hospital: Provider) -> None:
    actor = staff("zhang")
    ended = end_agreement(hospital, last_day=date(2023, 6, 30), actor=actor, reason="解除协议")
    assert parts(hospital) == [(FIRST, DAY, "secondary")]
    latest = ended.history.first()
    assert latest is not None
    assert (latest.history_user, latest.history_change_reason) == (actor, "解除协议")
    assert agreement_on(hospital, date(2023, 6, 30)) == ended
    assert agreement_on(hospital, DAY) is None
    change_agreement(hospital, tier=Tier.PRIMARY, first_day=LATER, is_designated=True, reason=REASON)
    assert parts(hospital) == [(FIRST, DAY, "secondary"), (LATER, None, "primary")]


@pytest.mark.parametrize("last_day", [date(2019, 12, 31), date(2022, 12, 31), date(2024, 7, 1)])
def test_only_the_newest_agreement_is_ended_within_its_days(last_day: date, hospital: Provider) -> None:
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=DAY, is_designated=True, reason=REASON)
    end_agreement(hospital, last_day=date(2024, 6, 30), reason=REASON)
    with pytest.raises(DomainError) as error:
        end_agreement(hospital, last_day=last_day, reason=REASON)
    assert refused(error) == "last_day"
    assert parts(hospital) == [(FIRST, DAY, "secondary"), (DAY, LATER, "tertiary_a")]


def test_a_hospital_outlasts_the_internet_hospitals_that_rest_on_it(hospital: Provider) -> None:
    provider = online(hospital)
    with pytest.raises(DomainError, match="保山市互联网医院"):
        end_agreement(hospital, last_day=date(2024, 6, 30), reason=REASON)
    end_agreement(provider, last_day=date(2024, 6, 30), reason=REASON)
    end_agreement(hospital, last_day=date(2024, 6, 30), reason=REASON)
    assert parts(hospital) == [(FIRST, LATER, "secondary")]


def test_the_database_puts_no_hospital_behind_itself(hospital: Provider) -> None:
    with pytest.raises(IntegrityError, match="no_hospital_stands_behind_itself"), transaction.atomic():
        Agreement.objects.update(hospital=hospital)


def grades(provider: Provider) -> list[tuple[date, str, str]]:
    """First day, tier and grade of each agreement."""
    return [(each.period.lower, each.tier, each.grade) for each in provider.agreements.order_by("period")]


def test_an_internet_hospital_has_the_grade_behind_it_and_follows_it(hospital: Provider) -> None:
    terms: dict[str, Any] = {"is_designated": True, "reason": REASON}
    first, second, third = date(2024, 1, 1), date(2024, 7, 1), date(2024, 9, 1)
    change_agreement(hospital, tier=Tier.SECONDARY, first_day=first, grade="05", **terms)
    provider = online(hospital, tier=None, first_day=date(2024, 3, 1))
    assert grades(provider) == [(date(2024, 3, 1), "secondary", "05")]
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=second, grade="02", **terms)
    change_agreement(hospital, tier=Tier.TERTIARY_A, first_day=third, grade="01", **terms)
    assert grades(provider) == [
        (date(2024, 3, 1), "secondary", "05"),
        (second, "tertiary_a", "02"),
        (third, "tertiary_a", "01"),
    ]
    with pytest.raises(DomainError) as error:
        online(hospital, code="N53050000002", tier=None, first_day=first, grade="05")
    assert error.value.details["field"] == "grade"


def test_the_database_refuses_a_grade_of_another_tier(hospital: Provider) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(provider=hospital).update(tier=Tier.PRIMARY, grade="02")
