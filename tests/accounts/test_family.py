"""Whom an account pays for: relatives, approved by a second person, in their days."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import DecisionState, EntryKind, FamilyUseAuthorization, LedgerEntry
from accounts.selectors.uses import is_authorized
from accounts.services.family import (
    RelationshipNotAllowed,
    approve_authorization,
    refuse_authorization,
)
from accounts.services.spending import SpendingRefused, spend
from agency.exceptions import DomainError
from agency.models import User
from policies.engine.vocabulary import Purpose
from tests import builder
from tests.builder.accounts import SINCE, UNTIL, authorized, balance_of, holder, paid, submitted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db


# --- Who may be authorized ---


@pytest.mark.parametrize("relationship", ["spouse", "parent", "child"])
def test_spouse_parent_and_child_may_use_the_account(maker: User, checker: User, relationship: str) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(owner, relative, maker, checker, relationship=relationship)
    assert paid(owner, relative, SINCE) == Decimal("90.00")


@pytest.mark.parametrize("relationship", ["sibling", "grandparent", "friend", "", "Spouse", "SPOUSE"])
def test_nobody_else_may(maker: User, relationship: str) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(RelationshipNotAllowed):
        submitted(owner, relative, maker, relationship=relationship)
    assert not FamilyUseAuthorization.objects.exists()


def test_nobody_authorizes_themselves(maker: User, checker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(DomainError):
        submitted(owner, owner, maker)
    found = authorized(owner, relative, maker, checker)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(FamilyUseAuthorization.objects.filter(pk=found.pk), relative=owner)


def test_a_period_that_ends_before_it_begins_is_none(maker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(DomainError):
        submitted(owner, relative, maker, until=date(2023, 3, 9))
    assert not FamilyUseAuthorization.objects.exists()


@pytest.mark.parametrize(
    ("since", "until", "overlaps"),
    [
        (UNTIL, None, True),
        (date(2023, 1, 1), SINCE, True),
        (date(2023, 9, 21), None, False),
        (date(2023, 1, 1), date(2023, 3, 9), False),
    ],
)
def test_a_relative_is_authorized_once_for_a_day(
    maker: User, checker: User, since: date, until: date | None, overlaps: bool
) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(owner, relative, maker, checker)
    second = submitted(owner, relative, maker, since=since, until=until)
    if not overlaps:
        approve_authorization(second, actor=checker)
        return
    with pytest.raises(DomainError):
        approve_authorization(second, actor=checker)
    second.refresh_from_db()
    assert second.state == DecisionState.SUBMITTED
    with pytest.raises(IntegrityError), transaction.atomic():
        FamilyUseAuthorization.objects.filter(pk=second.pk).update(state="approved", decided_by=checker)


# --- Paying for a relative ---


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2023, 3, 9), False), (SINCE, True), (UNTIL, True), (date(2023, 9, 21), False)],
)
def test_the_account_pays_on_the_first_and_the_last_day(maker: User, checker: User, day: date, inside: bool) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    authorized(owner, relative, maker, checker)
    assert is_authorized(owner, relative, day, Purpose.PHARMACY_DRUG) == inside
    if inside:
        assert paid(owner, relative, day) == Decimal("90.00")
        assert balance_of(owner) == Decimal("90.00")
    else:
        with pytest.raises(SpendingRefused) as caught:
            paid(owner, relative, day)
        assert caught.value.reason == "not_authorized"
        assert balance_of(owner) == Decimal("100.00")


def test_what_is_not_approved_pays_nothing(maker: User, checker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    found = submitted(owner, relative, maker)
    for _ in range(2):
        with pytest.raises(SpendingRefused) as caught:
            paid(owner, relative, SINCE)
        assert caught.value.reason == "not_authorized"
        if FamilyUseAuthorization.objects.get().state == DecisionState.SUBMITTED:
            refuse_authorization(found, actor=checker, reason="no papers")


def test_a_relative_may_be_authorized_by_several_holders_and_a_holder_for_several_relatives(
    maker: User, checker: User
) -> None:
    father, mother = holder("30.00"), holder("20.00")
    child, other = (builder.a_member(builder.region("pingliang")) for _ in range(2))
    for owner in (father, mother):
        authorized(owner, child, maker, checker, relationship="child")
    authorized(father, other, maker, checker, relationship="child")
    assert paid(father, child, SINCE) == Decimal("20.00")
    assert paid(mother, child, SINCE) == Decimal("10.00")
    assert paid(father, other, SINCE, key="other") == Decimal("10.00")
    with pytest.raises(SpendingRefused) as caught:
        paid(mother, other, SINCE, key="other")
    assert caught.value.reason == "not_authorized"


def test_an_authorization_goes_one_way(maker: User, checker: User) -> None:
    first, second = holder(), holder()
    authorized(first, second, maker, checker)
    with pytest.raises(SpendingRefused) as caught:
        paid(second, first, SINCE)
    assert caught.value.reason == "not_authorized"
    assert balance_of(second) == Decimal("100.00")


def test_the_relatives_account_is_not_touched_and_an_empty_one_refuses(maker: User, checker: User) -> None:
    first, second = holder("5.00"), holder()
    authorized(first, second, maker, checker)
    with pytest.raises(SpendingRefused) as caught:
        paid(first, second, SINCE, amount="5.01")
    assert caught.value.reason == "insufficient_balance"
    assert paid(first, second, SINCE, amount="5.00") == Decimal("0.00")
    assert balance_of(second) == Decimal("100.00")
    assert LedgerEntry.objects.filter(kind=EntryKind.SPENDING).count() == 1


def test_the_purpose_is_looked_at_before_the_authorization() -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    with pytest.raises(SpendingRefused) as caught:
        spend(owner, amount=Decimal("1.00"), purpose=Purpose.FITNESS, on=SINCE, key="k", relative=relative)
    assert caught.value.reason == "purpose_not_allowed"
