"""Two people at the same instant, on the real database: one decides, none waits in a circle, readers never wait."""

import threading
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from agency.exceptions import MoveNotAllowed
from agency.models import Role, User
from claims.models import Claim, Settlement
from claims.services.settlement import trial
from members.models import Member
from reimbursements.models import Reimbursement
from reimbursements.services import reimbursements
from tests import builder
from tests.builder import pair, retiree
from tests.builder.claims import a_claim
from tests.builder.reimbursements import submitted
from tests.builder.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

DAY = date(2023, 4, 3)
Decision = Callable[[Reimbursement, User], object]


def approve(reimbursement: Reimbursement, actor: User) -> object:
    return reimbursements.approve_reimbursement(reimbursement, today=DAY, actor=actor, reason="seen")


def refuse(reimbursement: Reimbursement, actor: User) -> object:
    return reimbursements.refuse_reimbursement(reimbursement, actor=actor, reason="forged")


@pytest.mark.parametrize("decisions", [(approve, approve), (approve, refuse)], ids=["both approve", "one refuses"])
def test_two_supervisors_decide_at_once_and_one_wins(decisions: tuple[Decision, Decision]) -> None:
    claim = a_claim(retiree(), filed_on=DAY)
    waiting = submitted(claim)
    _clerk, first = pair(claim.member.region)
    second = builder.staff("second-supervisor", Role.SUPERVISOR, region=claim.member.region)
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
    provider = builder.a_provider(members[0].region)
    waiting = [submitted(a_claim(member, filed_on=DAY, provider=provider, invoice_number="0042")) for member in members]
    _clerk, supervisor = pair(members[0].region)
    found = together(*[lambda each=each: approve(each, supervisor) for each in waiting])
    assert sorted(type(outcome).__name__ for outcome in found) == ["Settlement", "SubmissionVoided"], found
    assert Settlement.objects.count() == 1
    assert sorted(Reimbursement.objects.values_list("state", flat=True)) == ["approved", "submitted"]


def wait_until_somebody_waits() -> None:
    """Until some session waits for another's lock."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() is not None:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_decision_waits_for_the_member_before_it_takes_the_claim() -> None:
    """As settlements do, which lock members and then their claims: otherwise each would wait for the other."""
    waiting = submitted(a_claim(retiree(), filed_on=DAY))
    _clerk, supervisor = pair(waiting.claim.region)
    found: list[object] = []

    def decide() -> None:
        try:
            found.append(approve(waiting, supervisor))
        finally:
            connection.close()

    decision = threading.Thread(target=decide)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=waiting.claim.member_id)
        decision.start()
        wait_until_somebody_waits()
        assert Claim.objects.select_for_update(nowait=True, no_key=True).get(pk=waiting.claim_id) is not None
        assert Reimbursement.objects.select_for_update(nowait=True, no_key=True).get(pk=waiting.pk) is not None
    decision.join(60)
    assert [type(each) for each in found] == [Settlement]


def test_a_trial_waits_for_nobody() -> None:
    """Whoever reads the page while the member's claims are being settled is shown what is written so far."""
    claim = a_claim(retiree(), filed_on=DAY)

    def hurried() -> Settlement:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            outcome = trial(claim)
        assert isinstance(outcome, Settlement)
        return outcome

    with transaction.atomic():
        Member.objects.select_for_update().get(pk=claim.member_id)
        Claim.objects.select_for_update().get(pk=claim.pk)
        (found,) = together(hurried)
    assert isinstance(found, Settlement), found
    assert found.pooled == Decimal("70.00")
