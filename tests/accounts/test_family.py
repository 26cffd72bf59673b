"""Whom an account pays for: relatives, approved by a second person, in their days."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import AccountKind, DecisionState, EntryKind, FamilyUseAuthorization, LedgerAccount, LedgerEntry
from accounts.services.family import (
    RelationshipNotAllowed,
    approve_authorization,
    is_authorized,
    refuse_authorization,
    revoke_authorization,
    submit_authorization,
)
from accounts.services.ledger import Posting, book, post
from accounts.services.spending import SpendingRefused, spend
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import User
from members.models import Member
from policies.engine.vocabulary import Purpose
from tests import house

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2023, 3, 10), date(2023, 9, 20)


@pytest.fixture
def maker() -> User:
    return house.staff("maker")


@pytest.fixture
def checker() -> User:
    return house.staff("checker")


def holder(balance: str = "100.00", slug: str = "pingliang") -> Member:
    """A member whose account holds the amount."""
    member = house.insured(house.region(slug))
    account = LedgerAccount.objects.create(
        region=member.region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )
    fund = book(member.region, AccountKind.POOLED_FUND)
    gift = Posting(fund, account, Decimal(balance), EntryKind.POOLED_PAYMENT, f"give:{member.pk}", "test")
    post([gift], on=date(2023, 1, 1), actor=None)
    return member


def balance_of(member: Member) -> Decimal | None:
    return LedgerAccount.objects.get(member=member).balance


def submitted(owner: Member, relative: Member, maker: User, **overrides: Any) -> FamilyUseAuthorization:
    facts: dict[str, Any] = {
        "relationship": "spouse",
        "since": SINCE,
        "until": UNTIL,
        "evidence": "结婚证",
        "actor": maker,
        "reason": house.REASON,
    } | overrides
    return submit_authorization(owner, relative, **facts)


def authorized(owner: Member, relative: Member, maker: User, checker: User, **overrides: Any) -> FamilyUseAuthorization:
    return approve_authorization(submitted(owner, relative, maker, **overrides), actor=checker)


def paid(owner: Member, relative: Member | None, on: date, amount: str = "10.00", key: str = "k") -> Decimal:
    """What is left after a purchase at a pharmacy."""
    return spend(
        owner, amount=Decimal(amount), purpose=Purpose.PHARMACY_DRUG, on=on, key=key, relative=relative
    ).balance


# --- Who may be authorized ---


@pytest.mark.parametrize("relationship", ["spouse", "parent", "child"])
def test_spouse_parent_and_child_may_use_the_account(maker: User, checker: User, relationship: str) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    authorized(owner, relative, maker, checker, relationship=relationship)
    assert paid(owner, relative, SINCE) == Decimal("90.00")


@pytest.mark.parametrize("relationship", ["sibling", "grandparent", "friend", "", "Spouse", "SPOUSE"])
def test_nobody_else_may(maker: User, relationship: str) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    with pytest.raises(RelationshipNotAllowed):
        submitted(owner, relative, maker, relationship=relationship)
    assert not FamilyUseAuthorization.objects.exists()


def test_nobody_authorizes_themselves(maker: User, checker: User) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    with pytest.raises(DomainError):
        submitted(owner, owner, maker)
    found = authorized(owner, relative, maker, checker)
    with pytest.raises(IntegrityError), transaction.atomic():
        FamilyUseAuthorization.objects.filter(pk=found.pk).update(relative=owner)


def test_a_period_that_ends_before_it_begins_is_none(maker: User) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
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
    owner, relative = holder(), house.a_member(house.region("pingliang"))
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
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    authorized(owner, relative, maker, checker)
    assert is_authorized(owner, relative, day) == inside
    if inside:
        assert paid(owner, relative, day) == Decimal("90.00")
        assert balance_of(owner) == Decimal("90.00")
    else:
        with pytest.raises(SpendingRefused) as caught:
            paid(owner, relative, day)
        assert caught.value.reason == "not_authorized"
        assert balance_of(owner) == Decimal("100.00")


def test_what_is_not_approved_pays_nothing(maker: User, checker: User) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
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
    child, other = (house.a_member(house.region("pingliang")) for _ in range(2))
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
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    with pytest.raises(SpendingRefused) as caught:
        spend(owner, amount=Decimal("1.00"), purpose=Purpose.FITNESS, on=SINCE, key="k", relative=relative)
    assert caught.value.reason == "purpose_not_allowed"


# --- Who decides, and when ---

Move = Callable[[FamilyUseAuthorization, User], object]
MOVES: dict[str, Move] = {
    "approve": lambda found, actor: approve_authorization(found, actor=actor),
    "refuse": lambda found, actor: refuse_authorization(found, actor=actor, reason="no papers"),
    "revoke": lambda found, actor: revoke_authorization(
        found, last_day=date(2023, 6, 30), actor=actor, reason="divorced"
    ),
}
SAME, NOT = SamePersonDecides, MoveNotAllowed
# state → move → (what the maker gets, what another person gets); None where it works.
TABLE: dict[str, dict[str, tuple[type[Exception] | None, type[Exception] | None]]] = {
    "submitted": {"approve": (SAME, None), "refuse": (SAME, None), "revoke": (NOT, NOT)},
    "approved": {"approve": (NOT, NOT), "refuse": (NOT, NOT), "revoke": (None, None)},
    "refused": {"approve": (NOT, NOT), "refuse": (NOT, NOT), "revoke": (NOT, NOT)},
}


def test_every_state_is_in_the_table() -> None:
    assert set(TABLE) == set(DecisionState.values)


@pytest.mark.parametrize("actor", [0, 1], ids=["maker", "other"])
@pytest.mark.parametrize(("state", "move"), [(state, move) for state in TABLE for move in TABLE[state]])
def test_who_may_decide_an_authorization_in_which_state(
    maker: User, checker: User, state: str, move: str, actor: int
) -> None:
    found = submitted(holder(), house.a_member(house.region("pingliang")), maker)
    if state != "submitted":
        MOVES["approve" if state == "approved" else "refuse"](found, checker)
    refusal = TABLE[state][move][actor]
    if refusal is None:
        MOVES[move](found, (maker, checker)[actor])
        found.refresh_from_db()
        assert found.state == {"approve": "approved", "refuse": "refused", "revoke": "approved"}[move]
        assert found.decided_by == checker
    else:
        with pytest.raises(refusal):
            MOVES[move](found, (maker, checker)[actor])
        found.refresh_from_db()
        assert (found.state, found.period.upper) == (state, date(2023, 9, 21))


def test_refusing_needs_a_reason(maker: User, checker: User) -> None:
    found = submitted(holder(), house.a_member(house.region("pingliang")), maker)
    with pytest.raises(DomainError):
        refuse_authorization(found, actor=checker, reason=" ")


@pytest.mark.parametrize("change", [{"evidence": ""}, {"relationship": "child"}, {"period": DateRange(SINCE, None)}])
def test_an_authorization_changed_after_submission_is_not_approved(
    maker: User, checker: User, change: dict[str, Any]
) -> None:
    found = submitted(holder(), house.a_member(house.region("pingliang")), maker)
    FamilyUseAuthorization.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(SubmissionVoided):
        approve_authorization(found, actor=checker)


def test_revoked_it_pays_until_its_last_day_and_not_after(maker: User, checker: User) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    found = authorized(owner, relative, maker, checker, until=None)
    revoke_authorization(found, last_day=date(2023, 6, 30), actor=maker, reason="divorced")
    assert paid(owner, relative, date(2023, 6, 30)) == Decimal("90.00")
    with pytest.raises(SpendingRefused):
        paid(owner, relative, date(2023, 7, 1), key="later")
    authorized(owner, relative, maker, checker, since=date(2023, 7, 1), until=None)
    assert paid(owner, relative, date(2023, 7, 1), key="later") == Decimal("80.00")


@pytest.mark.parametrize("last_day", [date(2023, 3, 9), date(2023, 9, 21), date(2099, 1, 1)])
def test_revoking_never_lengthens_an_authorization_nor_undoes_it(maker: User, checker: User, last_day: date) -> None:
    owner, relative = holder(), house.a_member(house.region("pingliang"))
    found = authorized(owner, relative, maker, checker)
    with pytest.raises(DomainError):
        revoke_authorization(found, last_day=last_day, actor=maker, reason="divorced")
    assert [is_authorized(owner, relative, day) for day in (UNTIL, date(2023, 9, 21))] == [True, False]


def test_the_database_refuses_an_approval_without_a_second_person(maker: User) -> None:
    found = submitted(holder(), house.a_member(house.region("pingliang")), maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyUseAuthorization.objects.filter(pk=found.pk).update(state="approved", **wrong)
