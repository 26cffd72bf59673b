"""Claims filed after the region's last day are settled once a supervisor accepted them (Baoshan 25)."""

from datetime import date
from decimal import Decimal

import pytest

from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import Role
from claims.models import Claim, ClaimState, Settlement
from members.models import Member
from members.services.registrations import register_out_of_area
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import (
    OutOfAreaKind,
    RefusalReason,
    Tier,
)
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.services.late_filing import accept_late_filing
from reimbursements.services.reimbursements import (
    accept_late_reimbursement,
    approve_reimbursement,
    submit_reimbursement,
)
from tests import builder
from tests.builder import pair, retiree
from tests.builder.claims import a_claim
from tests.builder.reimbursements import submitted
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db


def out_of_area(member: Member, filed_on: date) -> Claim:
    register_out_of_area(member, kind=OutOfAreaKind.REFERRAL, since=date(2023, 1, 1), reason=builder.REASON)
    return a_claim(
        member,
        "1000.00",
        out_of_area=OutOfAreaKind.REFERRAL,
        filed_on=filed_on,
        invoice_number="7",
        tier=Tier.SECONDARY,
    )


def test_a_claim_filed_late_is_settled_after_a_supervisor_accepted_it() -> None:
    clerk, supervisor = pair(builder.region("baoshan"))
    claim = out_of_area(retiree("baoshan"), date(2024, 4, 1))
    waiting = submitted(claim)
    assert waiting.calculation["refused"] == RefusalReason.LATE_FILING
    with pytest.raises(DomainError):
        approve_reimbursement(waiting, today=date(2024, 4, 1), actor=supervisor, reason="seen")
    for empty in ("", "  "):
        with pytest.raises(DomainError):
            accept_late_reimbursement(waiting, actor=supervisor, reason=empty)
    with pytest.raises(SamePersonDecides):
        accept_late_reimbursement(waiting, actor=clerk, reason="was in hospital until April")
    returned = accept_late_reimbursement(waiting, actor=supervisor, reason="was in hospital until April")
    assert returned.state == ReimbursementState.RETURNED
    claim.refresh_from_db()
    assert (claim.late_filing_accepted_by, claim.late_filing_reason) == (supervisor, "was in hospital until April")
    found = approve_reimbursement(
        submit_reimbursement(returned, actor=clerk), today=date(2024, 4, 2), actor=supervisor, reason="seen"
    )
    # (1000 − 60) × 60 %
    assert found.pooled == Decimal("564.00")
    claim.refresh_from_db()
    assert (claim.state, claim.late_filing_reason) == (ClaimState.SETTLED, "was in hospital until April")
    assert claim.history.filter(history_change_reason="was in hospital until April").exists()
    with pytest.raises(MoveNotAllowed):
        accept_late_filing(claim, actor=supervisor, reason="again")


def test_a_claim_refused_for_late_filing_may_be_accepted_and_submitted_again() -> None:
    clerk, supervisor = pair(builder.region("baoshan"))
    claim = out_of_area(retiree("baoshan"), date(2024, 4, 1))
    refusal = outcome_of(claim)
    assert isinstance(refusal, Refusal)
    claim.refresh_from_db()
    assert (claim.state, claim.refusal_reason) == (ClaimState.REFUSED, RefusalReason.LATE_FILING)
    with pytest.raises(DomainError):
        accept_late_filing(claim, actor=supervisor, reason=" ")
    accept_late_filing(claim, actor=supervisor, reason="was in hospital until April")
    again = submit_reimbursement(Reimbursement.objects.get(claim=claim), actor=clerk, reason="late filing accepted")
    assert approve_reimbursement(again, today=date(2024, 4, 2), actor=supervisor, reason="seen").pooled == Decimal(
        "564.00"
    )


def test_whoever_submitted_it_does_not_accept_its_late_filing() -> None:
    clerk, supervisor = pair(builder.region("baoshan"))
    claim = out_of_area(retiree("baoshan"), date(2024, 4, 1))
    assert isinstance(outcome_of(claim), Refusal)
    with pytest.raises(SamePersonDecides):
        accept_late_filing(claim, actor=clerk, reason="was in hospital until April")
    assert accept_late_filing(claim, actor=supervisor, reason="was in hospital").late_filing_accepted_by == supervisor


def test_on_the_last_day_nobody_needs_to_accept_it() -> None:
    assert isinstance(outcome_of(out_of_area(retiree("baoshan"), date(2024, 3, 31))), Settlement)


def test_accepting_late_filing_cures_nothing_else() -> None:
    member = retiree("baoshan")
    supervisor = builder.staff("supervisor", Role.SUPERVISOR, region=member.region)
    claim = a_claim(
        member, "1000.00", out_of_area=OutOfAreaKind.REFERRAL, filed_on=date(2024, 4, 1), tier=Tier.SECONDARY
    )
    accept_late_filing(claim, actor=supervisor, reason="was in hospital until April")
    outcome = outcome_of(claim)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.OUT_OF_AREA_UNREGISTERED
