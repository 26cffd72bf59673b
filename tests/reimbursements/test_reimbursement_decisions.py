"""What another person decides of a manual reimbursement, and on what."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountKind
from accounts.services.ledger import book
from agency.exceptions import DomainError, SubmissionVoided
from claims.models import Claim, ClaimDocument, ClaimState, DocumentKind, Settlement
from members.services.registrations import register_out_of_area
from policies.engine.vocabulary import OutOfAreaKind, RefusalReason, Tier
from reimbursements.models import Reimbursement, ReimbursementKind, ReimbursementState
from reimbursements.selectors.papers import REQUIRED
from reimbursements.selectors.reimbursements import earlier_moves
from reimbursements.services import reimbursements
from tests import builder
from tests.builder import pair
from tests.builder.damage import erase, rewrite
from tests.builder.reimbursements import SEEN, manual, opened, submitted, unregistered
from tests.builder.settlements import settled

FILED, TODAY = date(2023, 4, 3), date(2023, 4, 7)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_approval_settles_the_claim_as_it_was_seen() -> None:
    claim = manual()
    waiting = submitted(claim)
    assert waiting.calculation["amounts"]["pooled"] == "70.00"
    clerk, supervisor = pair(claim.region)
    settlement = reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason="seen")
    assert (settlement.pooled, settlement.settled_on, settlement.settled_by) == (Decimal("70.00"), TODAY, supervisor)
    assert book(claim.region, AccountKind.MEMBER_PAYABLE).credits.get().amount == Decimal("70.00")
    waiting.refresh_from_db()
    claim.refresh_from_db()
    assert (waiting.state, waiting.submitted_by, waiting.decided_by) == ("approved", clerk, supervisor)
    assert claim.state == ClaimState.SETTLED


def test_an_approval_calculates_once() -> None:
    """What was compared with the submission is what is written: the year's usage is read a single time."""
    waiting = submitted(manual())
    _clerk, supervisor = pair(waiting.claim.region)
    with CaptureQueriesContext(connection) as asked:
        reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason="seen")
    assert sum(query["sql"].startswith("SELECT") and "benefitusage" in query["sql"] for query in asked) == 1


def _another_settlement(claim: Claim) -> None:
    # It bears 100 of the year's deductible of 200.
    settled(claim.member, "100.00")


def _another_payee(claim: Claim) -> None:
    rewrite(Reimbursement.objects.filter(claim=claim), payee_name="他人")


def _another_amount(claim: Claim) -> None:
    claim.lines.update(amount=Decimal("301.00"))


def _another_document(claim: Claim) -> None:
    ClaimDocument.objects.create(
        claim=claim, kind=DocumentKind.INVOICE, file="claims/x.pdf", name="x.pdf", size=1, digest="a" * 64
    )


def _another_invoice(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(invoice_number="0099")


@pytest.mark.parametrize(
    "change", [_another_settlement, _another_payee, _another_amount, _another_document, _another_invoice]
)
def test_a_change_after_the_submission_voids_it(change: Any) -> None:
    claim = manual()
    waiting = submitted(claim)
    clerk, supervisor = pair(claim.region)
    change(claim)
    with pytest.raises(SubmissionVoided):
        reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason="seen")
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED
    returned = reimbursements.return_reimbursement(waiting, actor=supervisor, reason="changed meanwhile")
    assert (returned.state, returned.decision_reason) == ("returned", "changed meanwhile")
    again = reimbursements.submit_reimbursement(returned, actor=clerk)
    assert again.decided_by is None
    reimbursements.approve_reimbursement(again, today=TODAY, actor=supervisor, reason="seen")
    claim.refresh_from_db()
    assert claim.state == ClaimState.SETTLED


def with_all_papers(claim: Claim, tag: str) -> None:
    """A file of its own for every paper of the checklist."""
    for kind in REQUIRED[ReimbursementKind.GENERAL]:
        ClaimDocument.objects.create(
            claim=claim,
            kind=kind,
            file=f"claims/{tag}-{kind}.pdf",
            name="x.pdf",
            size=1,
            digest=f"{tag}{kind}".ljust(64, "0"),
        )


def _nothing(claim: Claim) -> None:
    """As it should be."""


def _a_paper_without_file(claim: Claim) -> None:
    erase(ClaimDocument.objects.get(claim=claim, kind=DocumentKind.RECORD))


def _a_file_of_another_claim(claim: Claim) -> None:
    with_all_papers(manual(member=claim.member, invoice_number="another"), claim.claim_number)


def _an_invoice_of_another_claim(claim: Claim) -> None:
    manual(member=claim.member, provider=claim.provider, invoice_number=claim.invoice_number)


@pytest.mark.parametrize(
    ("exception", "is_questioned"),
    [
        (_nothing, False),
        (_a_paper_without_file, True),
        (_a_file_of_another_claim, True),
        (_an_invoice_of_another_claim, True),
    ],
)
def test_an_exception_is_approved_with_a_reason(exception: Any, is_questioned: bool) -> None:
    claim = manual(invoice_number="0001")
    clerk, supervisor = pair(claim.region)
    payee = {"payee_name": "本人", "payee_bank": "工商银行", "payee_account": "6200123456789"}
    waiting = opened(claim, **payee)
    with_all_papers(claim, claim.claim_number)
    exception(claim)
    reimbursements.complete_papers(
        waiting, on=FILED, today=FILED, accepted_without=SEEN, actor=clerk, reason="all there"
    )
    reimbursements.submit_reimbursement(waiting, actor=clerk)
    if is_questioned:
        with pytest.raises(DomainError, match="Say why you approve"):
            reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason=" ")
    reason = "seen" if is_questioned else ""
    approved = reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason=reason)
    assert approved.pooled == Decimal("70.00")


def test_an_approval_is_of_the_submission_that_was_seen() -> None:
    """Returned and submitted anew with another payee, while somebody still looks at the first submission."""
    waiting = submitted(manual())
    clerk, supervisor = pair(waiting.claim.region)
    seen = waiting.payload_hash
    returned = reimbursements.return_reimbursement(waiting, actor=supervisor, reason="which account?")
    Reimbursement.objects.filter(pk=returned.pk).update(payee_name="他人")
    again = reimbursements.submit_reimbursement(returned, actor=clerk)
    for decide in (reimbursements.return_reimbursement, reimbursements.refuse_reimbursement):
        with pytest.raises(SubmissionVoided, match="submitted anew"):
            decide(again, actor=supervisor, reason="r", seen=seen)
    with pytest.raises(SubmissionVoided, match="submitted anew"):
        reimbursements.approve_reimbursement(again, today=TODAY, actor=supervisor, seen=seen, reason="seen")
    assert reimbursements.approve_reimbursement(
        again, today=TODAY, actor=supervisor, seen=again.payload_hash, reason="seen"
    ).pk


def test_what_adjudication_refuses_is_refused_with_the_article() -> None:
    claim = unregistered()
    waiting = submitted(claim)
    _clerk, supervisor = pair(claim.region)
    with pytest.raises(DomainError, match="rules refuse"):
        reimbursements.approve_reimbursement(waiting, today=TODAY, actor=supervisor, reason="seen")
    with pytest.raises(DomainError, match="reason"):
        reimbursements.refuse_reimbursement(waiting, actor=supervisor, reason=" ")
    found = reimbursements.refuse_reimbursement(waiting, actor=supervisor, reason="not registered")
    claim.refresh_from_db()
    assert (found.state, found.decided_by) == ("refused", supervisor)
    assert (claim.state, claim.refusal_reason) == ("refused", RefusalReason.OUT_OF_AREA_UNREGISTERED)
    assert claim.refusal_article


def test_what_was_refused_is_put_right_and_submitted_again_with_a_reason() -> None:
    """It came to nothing when it was refused, so nobody had entered a payee; by now the fund would pay."""
    claim = unregistered()
    clerk, supervisor = pair(claim.region)
    by_clerk: dict[str, Any] = {"actor": clerk, "reason": "r"}
    waiting = opened(claim)
    reimbursements.complete_papers(
        waiting, on=date(2023, 6, 20), today=date(2023, 6, 20), accepted_without=SEEN, **by_clerk
    )
    reimbursements.submit_reimbursement(waiting, **by_clerk)
    reimbursements.refuse_reimbursement(waiting, actor=supervisor, reason="not registered")
    since, kind = date(2023, 1, 1), OutOfAreaKind.REFERRAL
    register_out_of_area(claim.member, kind=kind, since=since, reason="registered later")
    again: dict[str, Any] = {"actor": clerk, "reason": "the referral is registered by now"}
    with pytest.raises(DomainError, match="Enter the payee"):
        reimbursements.submit_reimbursement(waiting, **again)
    reimbursements.describe_reimbursement(
        waiting,
        kind=ReimbursementKind.REFERRAL,
        payee_name="本人",
        payee_bank="工商银行",
        payee_account="6200123456789",
        **by_clerk,
    )
    with pytest.raises(DomainError, match="Say what has changed"):
        reimbursements.submit_reimbursement(waiting, actor=clerk, reason=" ")
    submitted_again = reimbursements.submit_reimbursement(waiting, **again)
    assert [(move.state, move.person, move.reason) for move in earlier_moves(submitted_again)] == [
        ("refused", supervisor, "not registered"),
        ("submitted", clerk, "the referral is registered by now"),
    ]
    settlement = reimbursements.approve_reimbursement(
        submitted_again, today=date(2023, 7, 1), actor=supervisor, reason="seen"
    )
    assert settlement.pooled > 0
    claim.refresh_from_db()
    assert (claim.state, claim.refusal_reason) == (ClaimState.SETTLED, "")


def test_every_earlier_decision_is_kept_in_view() -> None:
    waiting = submitted(manual())
    clerk, supervisor = pair(waiting.claim.region)
    for reason in ("which account?", "still unreadable"):
        reimbursements.return_reimbursement(waiting, actor=supervisor, reason=reason)
        reimbursements.describe_reimbursement(
            waiting,
            kind=ReimbursementKind.NO_CARD,
            payee_name="本人",
            payee_bank="工商银行",
            payee_account="6200123456789",
            actor=clerk,
            reason="payee",
        )
        reimbursements.submit_reimbursement(waiting, actor=clerk)
    found = earlier_moves(waiting)
    assert [(move.state, move.person, move.reason) for move in found] == [
        ("returned", supervisor, "which account?"),
        ("returned", supervisor, "still unreadable"),
    ]


def test_what_the_office_refuses_for_reasons_of_its_own_leaves_the_claim() -> None:
    claim = manual()
    _clerk, supervisor = pair(claim.region)
    reimbursements.refuse_reimbursement(submitted(claim), actor=supervisor, reason="the invoice is forged")
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED
    assert not Settlement.objects.exists()


def test_a_fault_of_the_lines_is_said_when_it_is_submitted() -> None:
    lines = [builder.a_line("10.00")]
    provider = builder.a_provider(builder.region("pingliang"), Tier.PHARMACY)
    with pytest.raises(DomainError, match="tier of the institution"):
        submitted(manual(provider=provider, lines=lines))


def test_the_database_knows_that_another_person_decides() -> None:
    waiting = submitted(manual())
    clerk, _supervisor = pair(waiting.claim.region)
    found = Reimbursement.objects.filter(pk=waiting.pk)
    for wrong in ({"state": ReimbursementState.APPROVED}, {"decided_by": clerk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**wrong)


def test_what_was_registered_by_mistake_is_withdrawn_with_its_claim() -> None:
    """The same papers and the same invoice then stand with the right claim, and nothing is in question there."""
    there: dict[str, Any] = {"provider": builder.a_provider(builder.region("pingliang")), "invoice_number": "F1"}
    wrong, right = manual(**there), manual(**there)
    for claim in (wrong, right):
        with_all_papers(claim, "same")
    clerk, supervisor = pair(wrong.region)
    found = submitted(wrong)
    reimbursements.refuse_reimbursement(found, actor=supervisor, reason="the member is another")
    with pytest.raises(DomainError):
        reimbursements.withdraw_reimbursement(found, actor=clerk, reason=" ")
    reimbursements.withdraw_reimbursement(found, actor=clerk, reason="the member is another")
    wrong.refresh_from_db()
    assert (wrong.state, wrong.refusal_reason) == (ClaimState.WITHDRAWN, "")
    with pytest.raises(DomainError):
        reimbursements.submit_reimbursement(found, actor=clerk, reason="again")
    reimbursements.approve_reimbursement(submitted(right), today=TODAY, actor=supervisor)
    right.refresh_from_db()
    assert right.state == ClaimState.SETTLED
