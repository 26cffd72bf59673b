"""Two supervisors decide at the same instant, on the real database: one wins."""

from collections.abc import Callable
from datetime import date

import pytest

from agency.exceptions import MoveNotAllowed
from agency.models import Role, User
from claims.models import Reimbursement, Settlement
from claims.services import reimbursements
from tests import house
from tests.claims.outpatient import a_claim, retiree
from tests.claims.test_concurrency import together
from tests.claims.visits import pair, submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

DAY = date(2023, 4, 3)
Decision = Callable[[Reimbursement, User], object]


def approve(reimbursement: Reimbursement, actor: User) -> object:
    return reimbursements.approve_reimbursement(reimbursement, today=DAY, actor=actor)


def refuse(reimbursement: Reimbursement, actor: User) -> object:
    return reimbursements.refuse_reimbursement(reimbursement, actor=actor, reason="forged")


@pytest.mark.parametrize("decisions", [(approve, approve), (approve, refuse)], ids=["both approve", "one refuses"])
def test_two_supervisors_decide_at_once_and_one_wins(decisions: tuple[Decision, Decision]) -> None:
    claim = a_claim(retiree(), filed_on=DAY)
    waiting = submitted(claim)
    _clerk, first = pair(claim.member.region)
    second = house.staff("second-supervisor", Role.SUPERVISOR, region=claim.member.region)
    found = together(
        *[
            lambda decide=decide, actor=actor: decide(waiting, actor)
            for decide, actor in zip(decisions, (first, second), strict=True)
        ]
    )
    assert sum(isinstance(outcome, MoveNotAllowed) for outcome in found) == 1, found
    waiting.refresh_from_db()
    assert Settlement.objects.count() == (waiting.state == "approved")
    assert waiting.state in ("approved", "refused")


def test_two_reimbursements_of_one_invoice_are_not_both_paid() -> None:
    """Submitted for two members before either is paid; approved together."""
    members = retiree(), retiree()
    provider = house.a_provider(members[0].region)
    waiting = [submitted(a_claim(member, filed_on=DAY, provider=provider, invoice_number="0042")) for member in members]
    _clerk, supervisor = pair(members[0].region)
    found = together(*[lambda each=each: approve(each, supervisor) for each in waiting])
    assert sum(isinstance(outcome, Settlement) for outcome in found) == 1, found
    assert Settlement.objects.count() == 1
    assert sorted(Reimbursement.objects.values_list("state", flat=True)) == ["approved", "submitted"]
