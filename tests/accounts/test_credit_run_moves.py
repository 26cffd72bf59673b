"""Who may move a credit run from which state."""

from collections.abc import Callable

import pytest

from accounts.models import (
    CreditRun,
    RunState,
)
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, discard_run, draft_run, return_run, submit_run
from agency.exceptions import MoveNotAllowed, SamePersonDecides
from agency.models import PoolingRegion, User
from policies.engine.vocabulary import InsuredStatus
from tests import house
from tests.accounts.runs import MARCH, MARCH_END

pytestmark = pytest.mark.django_db


Move = Callable[[CreditRun, User], object]
MOVES: dict[str, Move] = {
    "check": lambda run, actor: check_run(run, actor=actor),
    "submit": lambda run, actor: submit_run(run, actor=actor),
    "approve": lambda run, actor: approve_run(run, actor=actor),
    "return": lambda run, actor: return_run(run, actor=actor, reason="wrong month"),
    "discard": lambda run, actor: discard_run(run, actor=actor, reason="wrong month"),
}
SAME, OTHER = SamePersonDecides, MoveNotAllowed
# state → move → (what the maker gets, what another person gets); None where it works.
TABLE: dict[str, dict[str, tuple[type[Exception] | None, type[Exception] | None]]] = {
    "draft": {
        "check": (None, None),
        "submit": (OTHER, OTHER),
        "approve": (OTHER, OTHER),
        "return": (OTHER, OTHER),
        "discard": (None, None),
    },
    "checked": {
        "check": (None, None),
        "submit": (None, None),
        "approve": (OTHER, OTHER),
        "return": (OTHER, OTHER),
        "discard": (None, None),
    },
    "submitted": {
        "check": (OTHER, OTHER),
        "submit": (OTHER, OTHER),
        "approve": (SAME, None),
        "return": (SAME, None),
        "discard": (OTHER, OTHER),
    },
    "posting": dict.fromkeys(MOVES, (OTHER, OTHER)),
    "posted": dict.fromkeys(MOVES, (OTHER, OTHER)),
    "discarded": dict.fromkeys(MOVES, (OTHER, OTHER)),
}


def bring_to(state: str, run: CreditRun, maker: User, checker: User) -> None:
    if state == "discarded":
        discard_run(run, actor=maker, reason="wrong month")
        return
    steps = ["draft", "checked", "submitted", "posting", "posted"]
    for reached in steps[1 : steps.index(state) + 1]:
        if reached == "checked":
            check_run(run, actor=maker)
        elif reached == "submitted":
            submit_run(run, actor=maker)
        elif reached == "posting":
            approve_run(run, actor=checker)
        else:
            for chunk in waiting_chunks(run):
                post_chunk(chunk)


@pytest.mark.parametrize("actor", [0, 1], ids=["maker", "other"])
@pytest.mark.parametrize(("state", "move"), [(state, move) for state in TABLE for move in TABLE[state]])
def test_who_may_move_a_run_from_which_state(
    region: PoolingRegion, maker: User, checker: User, state: str, move: str, actor: int
) -> None:
    house.insured(region, status=InsuredStatus.RETIRED)
    run = draft_run(region, month=MARCH, as_of=MARCH_END, actor=maker)
    bring_to(state, run, maker, checker)
    run.refresh_from_db()
    assert run.state == state
    refusal = TABLE[state][move][actor]
    if refusal is None:
        MOVES[move](run, (maker, checker)[actor])
        run.refresh_from_db()
        assert run.state != state or move == "check"
    else:
        with pytest.raises(refusal):
            MOVES[move](run, (maker, checker)[actor])
        run.refresh_from_db()
        assert run.state == state


def test_every_state_is_in_the_table() -> None:
    assert set(TABLE) == {state.value for state in RunState}
