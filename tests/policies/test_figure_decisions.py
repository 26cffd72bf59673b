"""A local figure holds after a second person approved it, and then it only ends."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import User
from policies.models import FigureState, LocalFigure
from policies.services.figures import approve_local_figure, end_local_figure, refuse_local_figure
from tests.policies.local_figures import (
    DAY,
    FIRST,
    LAST,
    approved,
    proposed,
    rate_on,
)

pytestmark = pytest.mark.django_db


Move = Callable[[LocalFigure, User], object]
MOVES: dict[str, Move] = {
    "approve": lambda figure, actor: approve_local_figure(figure, actor=actor),
    "refuse": lambda figure, actor: refuse_local_figure(figure, actor=actor, reason="not in the document"),
    "end": lambda figure, actor: end_local_figure(figure, last_day=DAY, actor=actor, reason="replaced"),
}
SAME, NOT = SamePersonDecides, MoveNotAllowed
# state → move → (what the maker gets, what another person gets); None where it works.
TABLE: dict[str, dict[str, tuple[type[Exception] | None, type[Exception] | None]]] = {
    "submitted": {"approve": (SAME, None), "refuse": (SAME, None), "end": (NOT, NOT)},
    "approved": {"approve": (NOT, NOT), "refuse": (NOT, NOT), "end": (None, None)},
    "refused": {"approve": (NOT, NOT), "refuse": (NOT, NOT), "end": (NOT, NOT)},
}


def test_every_state_is_in_the_table() -> None:
    assert set(TABLE) == set(FigureState.values)


@pytest.mark.parametrize("actor", [0, 1], ids=["maker", "other"])
@pytest.mark.parametrize(("state", "move"), [(state, move) for state in TABLE for move in TABLE[state]])
def test_who_may_decide_a_figure_in_which_state(maker: User, checker: User, state: str, move: str, actor: int) -> None:
    figure = proposed(maker)
    if state != "submitted":
        MOVES["approve" if state == "approved" else "refuse"](figure, checker)
    refusal = TABLE[state][move][actor]
    if refusal is None:
        MOVES[move](figure, (maker, checker)[actor])
        figure.refresh_from_db()
        assert figure.state == {"approve": "approved", "refuse": "refused", "end": "approved"}[move]
        assert figure.decided_by == checker
    else:
        with pytest.raises(refusal):
            MOVES[move](figure, (maker, checker)[actor])
        figure.refresh_from_db()
        assert figure.state == state


def test_refusing_needs_a_reason(maker: User, checker: User) -> None:
    with pytest.raises(DomainError):
        refuse_local_figure(proposed(maker), actor=checker, reason=" ")


def test_a_figure_changed_after_submission_is_not_approved(maker: User, checker: User) -> None:
    figure = proposed(maker)
    LocalFigure.objects.filter(pk=figure.pk).update(value=Decimal("0.99"))
    with pytest.raises(SubmissionVoided):
        approve_local_figure(figure, actor=checker)
    assert rate_on(DAY).value is None


@pytest.mark.parametrize("last_day", [FIRST, DAY, LAST])
def test_a_figure_ends_with_a_day_of_its_period(maker: User, checker: User, last_day: date) -> None:
    figure = approved(maker, checker)
    end_local_figure(figure, last_day=last_day, actor=maker, reason="replaced")
    assert rate_on(last_day).value == Decimal("0.85")
    assert rate_on(last_day + timedelta(days=1)).value is None


@pytest.mark.parametrize("last_day", [date(2023, 2, 28), date(2023, 10, 1), date(2099, 1, 1)])
def test_ending_never_lengthens_a_figure_nor_undoes_it(maker: User, checker: User, last_day: date) -> None:
    figure = approved(maker, checker)
    with pytest.raises(MoveNotAllowed):
        end_local_figure(figure, last_day=last_day, actor=maker, reason="replaced")


# --- In the database ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policies_localfigure SET value = 0.99",
        "UPDATE policies_localfigure SET tier = 'primary'",
        "UPDATE policies_localfigure SET phrase = '报销99%%'",
        "UPDATE policies_localfigure SET state = 'refused'",
        "UPDATE policies_localfigure SET period = daterange('2023-03-02', upper(period))",
        "DELETE FROM policies_localfigure",
    ],
)
def test_the_database_refuses_to_change_an_approved_figure(maker: User, checker: User, statement: str) -> None:
    approved(maker, checker)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert rate_on(DAY).value == Decimal("0.85")


def test_the_database_refuses_an_approval_without_a_second_person(maker: User) -> None:
    figure = proposed(maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LocalFigure.objects.filter(pk=figure.pk).update(state=FigureState.APPROVED, **wrong)
