"""What an authorization covers, what proves the relationship, and what the region's rules leave of it."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import FamilyUseAuthorization, LedgerEntry
from accounts.selectors.uses import is_authorized, is_of_another_province
from accounts.services.family import approve_authorization, revoke_authorization
from accounts.services.spending import SpendingRefused, spend
from agency.exceptions import DomainError
from agency.models import User
from policies.engine.errors import PolicyNotInForce
from policies.engine.vocabulary import Purpose
from tests import builder
from tests.builder.accounts import SINCE, authorized, balance_of, holder, submitted
from tests.builder.damage import change

pytestmark = pytest.mark.django_db

AT_PROVIDERS = ["medical_cost", "pharmacy_drug", "pharmacy_device", "pharmacy_consumable"]
# By the table of what each region lets an account pay for family.
PREMIUMS = {
    "pingliang": [],
    "dazhou": [
        "resident_premium",
        "supplementary_premium",
        "critical_illness_premium",
        "long_term_care_premium",
    ],
    "zaozhuang": ["resident_premium", "long_term_care_premium", "commercial_premium"],
    "kaifeng": ["resident_premium"],
    "baoshan": ["resident_premium", "long_term_care_premium", "large_expense_premium", "commercial_premium"],
}


def covering(maker: User, scopes: Collection[Purpose] | None, slug: str = "pingliang") -> FamilyUseAuthorization:
    """A submitted authorization in the region."""
    return submitted(holder(slug=slug), builder.a_member(builder.region(slug)), maker, scopes=scopes)


@pytest.mark.parametrize("slug", PREMIUMS)
def test_without_a_choice_it_covers_all_that_the_region_allows_for_family(maker: User, slug: str) -> None:
    assert covering(maker, None, slug).scopes == AT_PROVIDERS + PREMIUMS[slug]


def test_scopes_are_kept_once_and_in_order(maker: User) -> None:
    chosen = [Purpose.PHARMACY_DEVICE, Purpose.MEDICAL_COST, Purpose.PHARMACY_DEVICE]
    assert covering(maker, chosen).scopes == ["medical_cost", "pharmacy_device"]


def test_a_purpose_that_waits_for_the_regions_switch_may_be_covered_and_is_not_paid_yet(
    maker: User, checker: User
) -> None:
    """Pingliang 16: residents' premiums once conditions are in place."""
    found = approve_authorization(covering(maker, [Purpose.RESIDENT_PREMIUM]), actor=checker)
    assert is_authorized(found.holder, found.relative, SINCE, Purpose.RESIDENT_PREMIUM)
    with pytest.raises(SpendingRefused) as caught:
        spend(
            found.holder,
            amount=Decimal("1.00"),
            purpose=Purpose.RESIDENT_PREMIUM,
            on=SINCE,
            key="k",
            relative=found.relative,
        )
    assert caught.value.reason == "purpose_not_allowed"


@pytest.mark.parametrize(
    ("slug", "purpose", "article"),
    [
        ("pingliang", Purpose.FITNESS, "第十七条"),
        ("pingliang", Purpose.COMMERCIAL_PREMIUM, "第十六条"),
        ("kaifeng", Purpose.LARGE_EXPENSE_PREMIUM, "第十七条"),
        ("baoshan", Purpose.CHECK_UP, "第十九条"),
    ],
)
def test_what_the_region_never_allows_for_family_is_refused_with_its_article(
    maker: User, slug: str, purpose: Purpose, article: str
) -> None:
    with pytest.raises(DomainError, match=article):
        covering(maker, [Purpose.MEDICAL_COST, purpose], slug)
    assert not FamilyUseAuthorization.objects.exists()


def test_it_covers_at_least_one_purpose(maker: User) -> None:
    with pytest.raises(DomainError):
        covering(maker, [])
    found = covering(maker, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(found, scopes=[])


def test_without_rules_on_the_first_day_nothing_can_be_authorized(maker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(PolicyNotInForce):
        submitted(owner, relative, maker, since=date(2022, 12, 31))


def test_the_account_pays_what_is_covered_and_nothing_else(maker: User, checker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(owner, relative, maker, checker, scopes=[Purpose.PHARMACY_DRUG])

    def pay(purpose: Purpose) -> Decimal:
        request = {"amount": Decimal("10.00"), "on": SINCE, "key": purpose.value, "relative": relative}
        return spend(owner, purpose=purpose, provider=builder.pharmacy(owner.region), **request).balance  # type: ignore[arg-type]

    assert pay(Purpose.PHARMACY_DRUG) == Decimal("90.00")
    for purpose in (Purpose.PHARMACY_DEVICE, Purpose.MEDICAL_COST):
        with pytest.raises(SpendingRefused) as caught:
            pay(purpose)
        assert caught.value.reason == "not_authorized"
    assert balance_of(owner) == Decimal("90.00")


def test_more_is_covered_by_a_new_authorization_after_the_old_one(maker: User, checker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    first = authorized(owner, relative, maker, checker, scopes=[Purpose.PHARMACY_DRUG], until=None)
    wider = submitted(owner, relative, maker, since=date(2023, 6, 1), until=None)
    with pytest.raises(DomainError):
        approve_authorization(wider, actor=checker)
    revoke_authorization(first, last_day=date(2023, 5, 31), actor=maker, reason="wider from June")
    approve_authorization(wider, actor=checker)
    covered = [is_authorized(owner, relative, date(2023, month, 1), Purpose.MEDICAL_COST) for month in (5, 6)]
    assert covered == [False, True]


@pytest.mark.parametrize("wrong", [{"evidence": ""}, {"evidence": "  "}, {"evidence_kind": ""}, {"evidence_kind": "x"}])
def test_the_relationship_is_proved(maker: User, wrong: dict[str, str]) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(DomainError):
        submitted(owner, relative, maker, **wrong)
    assert not FamilyUseAuthorization.objects.exists()


def test_a_relative_of_several_holders_is_paid_by_each_for_what_each_has_allowed(maker: User, checker: User) -> None:
    father, mother = holder("30.00"), holder("20.00")
    child = builder.a_member(builder.region("pingliang"))
    authorized(father, child, maker, checker, relationship="child", scopes=[Purpose.PHARMACY_DRUG])
    authorized(mother, child, maker, checker, relationship="child", scopes=[Purpose.MEDICAL_COST])
    allowed = {}
    region = child.region
    places = {Purpose.PHARMACY_DRUG: builder.pharmacy(region), Purpose.MEDICAL_COST: builder.a_provider(region)}
    for owner in (father, mother):
        for purpose, place in places.items():
            facts: dict[str, Any] = {"purpose": purpose, "on": SINCE, "key": purpose, "provider": place}
            try:
                spend(owner, amount=Decimal("5.00"), relative=child, **facts)
            except SpendingRefused as refused:
                allowed[owner.pk, purpose] = refused.reason
    assert allowed == {
        (father.pk, Purpose.MEDICAL_COST): "not_authorized",
        (mother.pk, Purpose.PHARMACY_DRUG): "not_authorized",
    }
    assert (balance_of(father), balance_of(mother)) == (Decimal("25.00"), Decimal("15.00"))
    assert LedgerEntry.objects.filter(beneficiary=child).count() == 2


@pytest.mark.parametrize(("slug", "another"), [("pingliang", False), ("dazhou", True), ("kaifeng", True)])
def test_a_relative_of_another_province_is_seen(maker: User, slug: str, another: bool) -> None:
    """620800 is Gansu's, 511700 Sichuan's, 410200 Henan's."""
    found = submitted(holder(), builder.a_member(builder.region(slug)), maker)
    assert is_of_another_province(found) == another
