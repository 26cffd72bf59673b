"""State × actor × move: what may be done with a reimbursement, by whom, and what is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import User
from claims.models import DocumentKind
from claims.services.registration import NewLine
from policies.engine.vocabulary import CatalogCategory, ItemKind
from reimbursements.models import Reimbursement, ReimbursementKind, ReimbursementState
from reimbursements.services import reimbursements
from reimbursements.services.bills import correct_bill
from tests.claims.outpatient import a_claim, retiree
from tests.claims.visits import pair

pytestmark = pytest.mark.django_db

FILED = date(2023, 4, 3)
S = ReimbursementState
Move = Callable[[Reimbursement, User], object]

MOVES: dict[str, Move] = {
    "describe": lambda it, actor: reimbursements.describe_reimbursement(
        it,
        kind=ReimbursementKind.GENERAL,
        payee_name="本人",
        payee_bank="工商银行",
        payee_account="62001",
        actor=actor,
        reason="r",
    ),
    "tell": lambda it, actor: reimbursements.tell_missing_papers(
        it, kinds=[DocumentKind.INVOICE], on=FILED, today=FILED, actor=actor
    ),
    "complete": lambda it, actor: reimbursements.complete_papers(
        it, on=FILED, today=FILED, accepted_without="seen", actor=actor, reason="r"
    ),
    "correct": lambda it, actor: correct_bill(
        it,
        lines=[NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("310.00"))],
        served_on=it.claim.served_on,
        invoice_number="77",
        today=FILED,
        actor=actor,
        reason="r",
    ),
    "submit": lambda it, actor: reimbursements.submit_reimbursement(it, actor=actor, reason="r"),
    "withdraw": lambda it, actor: reimbursements.withdraw_reimbursement(it, actor=actor, reason="r"),
    "approve": lambda it, actor: reimbursements.approve_reimbursement(it, today=FILED, actor=actor, reason="seen"),
    "return": lambda it, actor: reimbursements.return_reimbursement(it, actor=actor, reason="r"),
    "refuse": lambda it, actor: reimbursements.refuse_reimbursement(it, actor=actor, reason="r"),
    "accept_late": lambda it, actor: reimbursements.accept_late_reimbursement(it, actor=actor, reason="r"),
}
DECISIONS = {"approve", "return", "refuse", "accept_late"}
# State → moves that somebody may make in it; decisions are another person's than the one who submitted.
ALLOWED: dict[ReimbursementState, set[str]] = {
    S.REGISTERED: {"describe", "correct", "tell", "complete", "withdraw"},
    S.COMPLETE: {"describe", "correct", "submit", "withdraw"},
    S.SUBMITTED: DECISIONS,
    S.RETURNED: {"describe", "correct", "submit", "withdraw"},
    S.REFUSED: {"describe", "correct", "submit", "withdraw"},
    S.APPROVED: set(),
    S.IN_PAYMENT: set(),
    S.PAID: set(),
    S.PAYMENT_FAILED: set(),
    S.REVERSED: set(),
    S.WITHDRAWN: set(),
}
# How each state is reached from "registered"; the states of payments begin with an approval.
WAYS: dict[ReimbursementState, tuple[str, ...]] = {
    S.REGISTERED: (),
    S.COMPLETE: ("complete",),
    S.SUBMITTED: ("complete", "submit"),
    S.RETURNED: ("complete", "submit", "return"),
    S.REFUSED: ("complete", "submit", "refuse"),
}
APPROVED = ("complete", "submit", "approve")


def reached(state: ReimbursementState, clerk: User, supervisor: User) -> Reimbursement:
    claim = a_claim(retiree(), filed_on=FILED)
    found = reimbursements.register_reimbursement(
        claim, payee_name="本人", payee_bank="工商银行", payee_account="62001", actor=clerk, reason="r"
    )
    for move in WAYS.get(state, APPROVED):
        MOVES[move](found, supervisor if move in DECISIONS else clerk)
    found.refresh_from_db()
    if found.state != state:
        Reimbursement.objects.filter(pk=found.pk).update(state=state)
    return found


def outcome(move: Move, found: Reimbursement, actor: User) -> str:
    """What came of the move, which is taken back."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                move(found, actor)
            return "done"
        except DomainError as error:
            return type(error).__name__
        finally:
            transaction.set_rollback(True)


def expected(state: ReimbursementState, move: str, *, is_submitter: bool) -> str:
    if move not in ALLOWED[state]:
        return MoveNotAllowed.__name__
    return SamePersonDecides.__name__ if move in DECISIONS and is_submitter else "done"


@pytest.mark.parametrize("state", list(ReimbursementState))
def test_each_move_in_each_state_by_each_person(state: ReimbursementState) -> None:
    clerk, supervisor = pair(retiree().region)
    found = reached(state, clerk, supervisor)
    table = {
        (name, actor.username): outcome(move, found, actor)
        for name, move in MOVES.items()
        for actor in (clerk, supervisor)
    }
    wanted = {
        (name, actor.username): expected(state, name, is_submitter=actor == clerk)
        for name in MOVES
        for actor in (clerk, supervisor)
    }
    assert table == wanted
