"""Settled claims stand on what they were settled by; a file that brought it is not taken back."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from agency.declarations import declared
from agency.exceptions import DomainError
from members.services.corrections import withdraw_member
from members.services.registrations import (
    record_hospital_stay,
    record_special_nursing,
    register_out_of_area,
    sign_family_doctor,
)
from policies.engine.vocabulary import CatalogCategory, ItemKind, OutOfAreaKind
from providers.services.catalogue import record_catalog_item
from providers.services.withdrawals import withdraw_provider
from tests.builder import REASON, a_line, a_provider, retiree, staff
from tests.builder.claims import DAY
from tests.builder.resettlements import taken_back
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def standing(kind: str, *ids: int) -> set[int]:
    """Which of these rows something stands on."""
    found: set[int] = set()
    for each in declared("built_upon"):
        if each.kind == kind:
            found |= set(each.standing(ids))
    return found


def test_a_settlement_stands_on_the_enrollment_and_the_agreement_of_its_day() -> None:
    member = retiree()
    enrollment = member.enrollments.get()
    assert standing("enrollments", enrollment.pk) == set()
    settlement = settled(member)
    agreement = settlement.claim.provider.agreements.get()
    assert standing("enrollments", enrollment.pk) == {enrollment.pk}
    assert standing("retirements", enrollment.pk) == {enrollment.pk}
    assert standing("agreements", agreement.pk) == {agreement.pk}
    assert standing("enrollments", retiree().enrollments.get().pk) == set()


@pytest.mark.parametrize(("until", "stands"), [(BEFORE, False), (DAY, True), (AFTER, True)])
def test_a_settlement_stands_on_the_periods_that_hold_on_its_day(until: date, stands: bool) -> None:
    member = retiree()
    settled(member)
    since = date(2023, 1, 1)
    made = {
        "hospital_stays": record_hospital_stay(member, since=since, until=until, reason=REASON).pk,
        "special_nursing": record_special_nursing(member, since=since, until=until, reason=REASON).pk,
        "out_of_area_registrations": register_out_of_area(
            member, kind=OutOfAreaKind.REFERRAL, since=since, until=until, reason=REASON
        ).pk,
        "family_doctor_contracts": sign_family_doctor(
            member, provider=a_provider(member.region), since=since, until=until, reason=REASON
        ).pk,
    }
    for kind, pk in made.items():
        assert standing(kind, pk) == ({pk} if stands else set())


def test_a_settled_line_stands_on_the_entry_of_the_catalogue_until_it_is_reversed() -> None:
    member = retiree()
    entry = record_catalog_item(
        member.region,
        code="X1",
        name="阿莫西林",
        kind=ItemKind.DRUG,
        category=CatalogCategory.A,
        first_day=BEFORE,
        reason=REASON,
    )
    assert standing("catalog_items", entry.pk) == set()
    settlement = settled(member, lines=[a_line("300.00", code="X1")])
    assert standing("catalog_items", entry.pk) == {entry.pk}
    taken_back(settlement, staff("maker"), staff("checker"))
    assert standing("catalog_items", entry.pk) == set()
    assert standing("enrollments", member.enrollments.get().pk) == set()


@pytest.mark.parametrize(("language", "claims"), [("en", "claims (1)"), ("zh-hans", "费用单据 (1)")])
def test_a_provider_or_a_member_with_claims_is_not_withdrawn_and_told_why(language: str, claims: str) -> None:
    claim = settled(retiree()).claim
    with override(language):
        with pytest.raises(DomainError) as refusal:
            withdraw_provider(claim.provider, reason=REASON)
        assert claims in str(refusal.value)
        with pytest.raises(DomainError) as refusal:
            withdraw_member(claim.member, reason=REASON)
        assert claims in str(refusal.value)
