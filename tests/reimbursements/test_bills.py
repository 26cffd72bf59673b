"""A bill is tried without a trace, and corrected with everything kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection

from accounts.models import LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from claims.models import BenefitUsage, Claim, ClaimDocument, ClaimLine, ClaimState, DocumentKind, Settlement
from claims.services.bills import TriedBill, try_claim, try_correction
from claims.services.documents import attach_document, withdraw_document
from claims.services.new_claims import NewClaim, bill_of
from claims.services.settlement import settle_claim
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import OutOfAreaKind, RefusalReason
from reimbursements.models import Reimbursement
from reimbursements.selectors.papers import missing_kinds
from reimbursements.services import bills, reimbursements
from tests import builder
from tests.builder import pair, retiree
from tests.builder.claims import a_claim
from tests.builder.papers import pdf
from tests.builder.reimbursements import submitted
from tests.builder.settlements import settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAY, FILED, TODAY = date(2023, 3, 1), date(2023, 4, 3), date(2023, 4, 7)
TABLES = (Claim, ClaimLine, Claim.history.model, ClaimLine.history.model, Settlement, BenefitUsage, LedgerEntry)


def drugs(*amounts: str) -> list[ClaimLine]:
    return [builder.a_line(amount) for amount in amounts]


def written() -> list[Any]:
    """How many rows there are, and how far the numbers of the claims' tables have come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE sequencename LIKE 'claims_%' ORDER BY 1"
        )
        return [*(table._default_manager.count() for table in TABLES), *cursor.fetchall()]


def opened(claim: Claim | None = None) -> Reimbursement:
    found = claim or a_claim(retiree(), filed_on=FILED, invoice_number="0001")
    clerk, _supervisor = pair(found.region)
    return reimbursements.register_reimbursement(
        found, payee_name="本人", payee_bank="工商银行", payee_account="62001", actor=clerk, reason="r"
    )


@pytest.mark.parametrize(("last", "is_refused"), [("50000000.00", True), ("49999999.99", False)])
def test_a_bill_of_more_than_can_be_kept_is_refused(last: str, is_refused: bool) -> None:
    """99,999,999.99 yuan are settled; a fen more is refused where it is typed and where it is registered."""
    lines = drugs("50000000.00", last)
    member = retiree()
    provider = builder.a_provider(member.region)
    tries: list[Any] = [
        lambda: tried(member=member, provider=provider, lines=lines),
        lambda: corrected(opened(), *lines),
        lambda: settle_claim(a_claim(member, lines=lines, provider=provider), today=TODAY),
    ]
    for attempt in tries:
        if is_refused:
            with pytest.raises(DomainError, match=r"more than 99,999,999\.99 yuan"):
                attempt()
        else:
            attempt()


def corrected(reimbursement: Reimbursement, *lines: ClaimLine, **overrides: Any) -> Claim:
    clerk, _supervisor = pair(reimbursement.claim.region)
    reason = overrides.pop("reason", "misread")
    bill = replace(bill_of(reimbursement.claim), lines=lines, **overrides)
    return bills.correct_bill(reimbursement, bill, today=TODAY, actor=clerk, reason=reason)


def tried(**overrides: Any) -> TriedBill:
    member = overrides.pop("member", None) or retiree()
    today = overrides.pop("today", TODAY)
    facts: dict[str, Any] = {
        "provider": overrides.pop("provider", None) or builder.a_provider(member.region),
        "claim_number": "T1",
        "served_on": DAY,
        "lines": drugs("300.00"),
        "filed_on": FILED,
    } | overrides
    return try_claim(NewClaim(member=member, **facts), today=today)


def test_a_trial_says_what_the_claim_would_come_to_and_leaves_nothing_behind() -> None:
    member = retiree()
    settled(member, "150.00")
    provider = builder.a_provider(member.region)
    before = written()
    found = tried(member=member, provider=provider, lines=drugs("100.00", "250.00"))
    assert isinstance(found.outcome, Settlement)
    # 150.00 of the year's deductible of 200.00 is borne; 350.00 − 50.00 at 70 % (Pingliang 6, 7).
    assert (found.outcome.deductible, found.outcome.pooled) == (Decimal("50.00"), Decimal("210.00"))
    assert written() == before
    assert not Claim.objects.filter(claim_number="T1").exists()


def test_a_trial_tells_a_refusal_with_its_article_and_leaves_nothing_behind() -> None:
    member = retiree("baoshan")
    before = written()
    june = {"served_on": date(2023, 6, 15), "filed_on": date(2023, 6, 20), "today": date(2023, 6, 21)}
    found = tried(
        member=member, provider=builder.a_provider(member.region), out_of_area=OutOfAreaKind.REFERRAL, **june
    ).outcome
    assert isinstance(found, Refusal)
    assert found.reason == RefusalReason.OUT_OF_AREA_UNREGISTERED
    assert found.citation is not None
    assert written() == before


def test_a_trial_refuses_what_registering_refuses() -> None:
    member = retiree()
    before = written()
    claim = a_claim(member)
    for wrong, field in (
        ({"claim_number": claim.claim_number}, "claim_number"),
        ({"served_on": date(2023, 4, 8)}, "served_on"),
        ({"lines": drugs("0.00")}, "amount"),
    ):
        with pytest.raises(DomainError) as refused:
            tried(member=member, **wrong)
        assert refused.value.details["field"] == field
    assert len(before) == len(written())


def test_a_trial_names_the_claims_with_the_same_invoice_of_the_provider() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    other = a_claim(retiree(), provider=provider, invoice_number="0001")
    a_claim(retiree(), provider=builder.a_provider(member.region), invoice_number="0001")
    assert tried(member=member, provider=provider, invoice_number="0001").same_invoice == [other]
    assert tried(member=member, provider=provider).same_invoice == []


def test_a_registered_bill_is_tried_as_it_would_be_corrected() -> None:
    reimbursement = opened()
    claim = reimbursement.claim
    before = written()
    found = try_correction(claim, replace(bill_of(claim), lines=drugs("500.00")), today=TODAY)
    assert isinstance(found.outcome, Settlement)
    # (500.00 − 200.00) × 70 %.
    assert found.outcome.pooled == Decimal("210.00")
    # It is not its own duplicate.
    assert found.same_invoice == []
    assert written() == before
    assert claim.lines.get().amount == Decimal("300.00")


def test_a_bill_is_corrected_and_what_was_there_is_kept() -> None:
    reimbursement = opened()
    clerk, _supervisor = pair(reimbursement.claim.region)
    claim = corrected(reimbursement, *drugs("100.00", "250.00"), served_on=date(2023, 3, 2), invoice_number="0002")
    claim.refresh_from_db()
    assert (claim.served_on, claim.invoice_number, claim.state) == (date(2023, 3, 2), "0002", ClaimState.REGISTERED)
    assert [line.amount for line in claim.lines.order_by("pk")] == [Decimal("100.00"), Decimal("250.00")]
    now, before = claim.history.all()[:2]
    assert (before.served_on, before.invoice_number) == (DAY, "0001")
    assert (now.history_user, now.history_change_reason) == (clerk, "misread")
    replaced = ClaimLine.history.get(claim_id=claim.pk)
    assert (replaced.amount, replaced.history_type, replaced.history_user) == (Decimal("300.00"), "-", clerk)
    assert replaced.history_change_reason == "misread"


def test_lines_that_stay_as_they_are_are_not_replaced() -> None:
    reimbursement = opened()
    line = reimbursement.claim.lines.get()
    claim = corrected(reimbursement, *bill_of(reimbursement.claim).lines, invoice_number="0009")
    assert claim.lines.get() == line
    assert not ClaimLine.history.exists()


def test_a_correction_refuses_what_registering_refuses_and_changes_nothing() -> None:
    reimbursement = opened()
    for lines, wrong in (
        ([], {}),
        (drugs("0.00"), {}),
        (drugs("10.00"), {"served_on": date(2023, 4, 4)}),
        (drugs("10.00"), {"reason": " "}),
    ):
        with pytest.raises(DomainError):
            corrected(reimbursement, *lines, **wrong)
    assert reimbursement.claim.lines.get().amount == Decimal("300.00")


def test_a_submitted_bill_is_corrected_only_once_it_was_returned() -> None:
    waiting = submitted(a_claim(retiree(), filed_on=FILED))
    clerk, supervisor = pair(waiting.claim.region)
    with pytest.raises(MoveNotAllowed):
        corrected(waiting, *drugs("500.00"))
    reimbursements.return_reimbursement(waiting, actor=supervisor, reason="another amount on the invoice")
    corrected(waiting, *drugs("500.00"))
    again = reimbursements.submit_reimbursement(waiting, actor=clerk)
    assert again.calculation["amounts"]["pooled"] == "210.00"
    assert reimbursements.approve_reimbursement(again, today=TODAY, actor=supervisor, reason="seen").pooled == Decimal(
        "210.00"
    )


# --- The checklist --------------------------------------------------------------------------------


def uploaded(claim: Claim, clerk: User) -> list[ClaimDocument]:
    """Every paper of the checklist."""
    return [
        attach_document(claim, kind=kind, content=BytesIO(pdf(kind)), name=f"{kind}.pdf", actor=clerk)
        for kind in missing_kinds(claim)
    ]


def test_papers_are_not_complete_while_the_checklist_misses_one() -> None:
    reimbursement = opened()
    clerk, _supervisor = pair(reimbursement.claim.region)
    *most, last = uploaded(reimbursement.claim, clerk)
    assert len(most) == 4
    withdraw_document(last, actor=clerk, reason="of somebody else")
    with pytest.raises(DomainError, match="bank account") as refused:
        reimbursements.complete_papers(reimbursement, on=FILED, today=FILED, actor=clerk, reason="r")
    assert refused.value.details["field"] == "accepted_without"
    attach_document(
        reimbursement.claim, kind=DocumentKind.BANK_ACCOUNT, content=BytesIO(pdf("card")), name="卡.pdf", actor=clerk
    )
    found = reimbursements.complete_papers(reimbursement, on=FILED, today=FILED, actor=clerk, reason="r")
    assert (found.state, found.accepted_without) == ("complete", "")


def test_originals_that_were_seen_stand_for_files_and_the_history_says_so() -> None:
    reimbursement = opened()
    clerk, _supervisor = pair(reimbursement.claim.region)
    found = reimbursements.complete_papers(
        reimbursement, on=FILED, today=FILED, accepted_without=" originals seen ", actor=clerk, reason="r"
    )
    assert found.accepted_without == "originals seen"
    assert found.history.first().accepted_without == "originals seen"
    assert reimbursements.submit_reimbursement(found, actor=clerk).state == "submitted"


def test_a_paper_that_was_withdrawn_meanwhile_keeps_it_from_being_submitted() -> None:
    reimbursement = opened()
    clerk, _supervisor = pair(reimbursement.claim.region)
    papers = uploaded(reimbursement.claim, clerk)
    reimbursements.complete_papers(reimbursement, on=FILED, today=FILED, actor=clerk, reason="r")
    withdraw_document(papers[0], actor=clerk, reason="of somebody else")
    with pytest.raises(DomainError) as refused:
        reimbursements.submit_reimbursement(reimbursement, actor=clerk)
    assert refused.value.details["field"] == "accepted_without"
