"""Who decides about an authorization, in which state, and how it ends."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import DecisionState, FamilyUseAuthorization
from accounts.selectors.uses import is_authorized
from accounts.services.family import approve_authorization, refuse_authorization, revoke_authorization
from accounts.services.spending import SpendingRefused
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import User
from policies.engine.vocabulary import Purpose
from tests import house
from tests.accounts.relatives import SINCE, UNTIL, authorized, holder, paid, submitted

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": ""},
        {"evidence_kind": "other"},
        {"scopes": ["medical_cost"]},
        {"relationship": "child"},
        {"period": DateRange(SINCE, None)},
    ],
)
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
    days = (UNTIL, date(2023, 9, 21))
    assert [is_authorized(owner, relative, day, Purpose.MEDICAL_COST) for day in days] == [True, False]


def test_the_database_refuses_an_approval_without_a_second_person(maker: User) -> None:
    found = submitted(holder(), house.a_member(house.region("pingliang")), maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyUseAuthorization.objects.filter(pk=found.pk).update(state="approved", **wrong)
