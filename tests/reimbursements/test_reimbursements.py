"""Manual reimbursement: from the counter to the decision, by two people, and paid as it was seen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from claims.models import Claim, ClaimState, DocumentKind, Settlement, SettlementUsage
from claims.services.batches import registered_claims
from claims.services.new_claims import bill_of
from claims.services.settlement import settle_claim, trial
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import OutOfAreaKind, RefusalReason
from reimbursements.models import ReimbursementKind
from reimbursements.selectors.trials import kept, read_back
from reimbursements.services import reimbursements
from reimbursements.services.bills import correct_bill
from tests.builder import pair, retiree
from tests.builder.claims import a_claim
from tests.builder.damage import rewrite
from tests.builder.reimbursements import SEEN, manual, opened, submitted, unregistered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FILED = date(2023, 4, 3)
TODAY = date(2023, 4, 7)


def test_a_trial_shows_what_settling_gives_and_writes_nothing() -> None:
    claim = manual()
    found = trial(claim)
    assert isinstance(found, Settlement)
    assert (found.pooled, found.deductible, found.cash) == (Decimal("70.00"), Decimal("200.00"), Decimal("230.00"))
    assert "平政办发〔2022〕112号" in {step["instrument"] for step in found.steps}
    assert not Settlement.objects.exists()
    assert not SettlementUsage.objects.exists()
    assert not LedgerEntry.objects.exists()
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED
    again = read_back(claim, kept(found))
    assert isinstance(again, Settlement)
    assert (again.pooled, again.cash, again.steps) == (found.pooled, found.cash, found.steps)


def test_a_trial_that_refuses_is_kept_with_its_article() -> None:
    claim = unregistered()
    found = trial(claim)
    assert isinstance(found, Refusal)
    assert found.reason == RefusalReason.OUT_OF_AREA_UNREGISTERED
    assert read_back(claim, kept(found)) == found
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED


def test_the_kind_follows_the_claim_unless_it_is_named() -> None:
    member = retiree()
    kinds = {
        "": ReimbursementKind.GENERAL,
        OutOfAreaKind.TEMPORARY: ReimbursementKind.OUT_OF_AREA,
        OutOfAreaKind.REFERRAL: ReimbursementKind.REFERRAL,
    }
    for away, kind in kinds.items():
        assert opened(manual(member=member, out_of_area=away)).kind == kind
    named = opened(manual(member=member), kind=ReimbursementKind.EMERGENCY)
    assert named.kind == ReimbursementKind.EMERGENCY


def test_only_a_manual_claim_is_reimbursed_and_only_once() -> None:
    with pytest.raises(DomainError, match="settled directly"):
        opened(a_claim(retiree()))
    claim = manual()
    opened(claim)
    with pytest.raises(DomainError, match="already"):
        opened(claim)


def test_nothing_but_an_approval_settles_a_manual_claim() -> None:
    claim = manual()
    with pytest.raises(DomainError, match="approves its reimbursement"):
        settle_claim(claim, today=TODAY)
    assert registered_claims(claim.region) == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED


def test_the_member_is_told_once_what_is_missing() -> None:
    reimbursement = opened(manual())
    clerk, _supervisor = pair(reimbursement.claim.region)
    with pytest.raises(DomainError, match="at least one"):
        reimbursements.tell_missing_papers(reimbursement, kinds=[], on=FILED, today=FILED, actor=clerk)
    with pytest.raises(DomainError, match="before the day of filing"):
        reimbursements.tell_missing_papers(
            reimbursement, kinds=[DocumentKind.INVOICE], on=date(2023, 4, 2), today=date(2023, 4, 2), actor=clerk
        )
    kinds = [DocumentKind.INVOICE, DocumentKind.RECORD]
    told = reimbursements.tell_missing_papers(
        reimbursement, kinds=kinds, note="原件", on=TODAY, today=TODAY, actor=clerk
    )
    assert (told.kinds, told.told_by) == (["invoice", "record"], clerk)
    with pytest.raises(DomainError, match="told once"):
        reimbursements.tell_missing_papers(reimbursement, kinds=kinds, on=TODAY, today=TODAY, actor=clerk)
    with pytest.raises(DomainError, match="not yet told"):
        reimbursements.complete_papers(
            reimbursement, on=date(2023, 4, 6), today=date(2023, 4, 6), actor=clerk, reason="all there"
        )


def test_complete_papers_start_the_time_limit_of_the_region() -> None:
    reimbursement = opened(manual())
    clerk, _supervisor = pair(reimbursement.claim.region)
    with pytest.raises(DomainError, match="before the day of filing"):
        reimbursements.complete_papers(
            reimbursement, on=date(2023, 4, 2), today=date(2023, 4, 2), actor=clerk, reason="all there"
        )
    found = reimbursements.complete_papers(
        reimbursement, on=FILED, today=FILED, accepted_without=SEEN, actor=clerk, reason="all there"
    )
    # Monday 3 April 2023; Wednesday the 5th is Qingming. Ten working days: 4, 6, 7, 10–14, 17, 18. Ten more: 19–21,
    # Sunday the 23rd (worked for Labour Day), 24–28, and after 29 April to 3 May Thursday 4 May.
    assert (found.completed_on, found.due_on, found.latest_on) == (FILED, date(2023, 4, 18), date(2023, 5, 4))


def test_without_an_invoice_number_nothing_is_submitted() -> None:
    claim = manual(invoice_number=" 　")
    clerk, _supervisor = pair(claim.region)
    waiting = opened(claim, payee_name="本人", payee_bank="工商银行", payee_account="6200123456789")
    reimbursements.complete_papers(
        waiting, on=FILED, today=FILED, accepted_without=SEEN, actor=clerk, reason="all there"
    )
    with pytest.raises(DomainError, match="no invoice number"):
        reimbursements.submit_reimbursement(waiting, actor=clerk)
    right = replace(bill_of(claim), invoice_number="ｆ 001")
    assert correct_bill(waiting, right, today=TODAY, actor=clerk, reason="r").invoice_number == "F001"
    assert reimbursements.submit_reimbursement(waiting, actor=clerk).state == "submitted"


@pytest.mark.parametrize("spelling", ["f001", "Ｆ００１", " F 001 ", "F001"])
def test_one_invoice_in_four_spellings_is_paid_once(spelling: str) -> None:
    first = manual(invoice_number="F001")
    _clerk, supervisor = pair(first.region)
    reimbursements.approve_reimbursement(submitted(first), today=TODAY, actor=supervisor, reason="seen")
    again = submitted(manual(provider=first.provider, invoice_number=spelling))
    assert again.calculation["refused"] == RefusalReason.DUPLICATE_INVOICE


def test_the_database_knows_that_a_manual_claim_is_paid_by_its_invoice() -> None:
    claim = manual()
    _clerk, supervisor = pair(claim.region)
    reimbursements.approve_reimbursement(submitted(claim), today=TODAY, actor=supervisor, reason="seen")
    with pytest.raises(IntegrityError, match="paid_by_its_invoice"), transaction.atomic():
        rewrite(Claim.objects.filter(pk=claim.pk), invoice_number="")


def test_no_paper_comes_on_a_day_to_come() -> None:
    reimbursement = opened(manual())
    clerk, _supervisor = pair(reimbursement.claim.region)
    for day in (date(2023, 4, 8), date(9999, 12, 31)):
        with pytest.raises(DomainError, match="lies in the future"):
            reimbursements.tell_missing_papers(
                reimbursement, kinds=[DocumentKind.INVOICE], on=day, today=TODAY, actor=clerk
            )
        with pytest.raises(DomainError, match="lies in the future"):
            reimbursements.complete_papers(
                reimbursement, on=day, today=TODAY, accepted_without=SEEN, actor=clerk, reason="all there"
            )
        with pytest.raises(DomainError, match="day of filing lies in the future"):
            manual(filed_on=day, today=TODAY)


def test_the_payee_is_needed_where_money_is_paid_out() -> None:
    reimbursement = opened(manual())
    clerk, _supervisor = pair(reimbursement.claim.region)
    reimbursements.complete_papers(
        reimbursement, on=FILED, today=FILED, accepted_without=SEEN, actor=clerk, reason="all there"
    )
    with pytest.raises(DomainError, match="Enter the payee"):
        reimbursements.submit_reimbursement(reimbursement, actor=clerk)
    reimbursements.describe_reimbursement(
        reimbursement,
        kind=ReimbursementKind.NO_CARD,
        payee_name="本人",
        payee_bank="工商银行",
        payee_account="6200123456789",
        actor=clerk,
        reason="card handed in",
    )
    found = reimbursements.submit_reimbursement(reimbursement, actor=clerk)
    assert (found.state, found.kind, found.submitted_by) == ("submitted", ReimbursementKind.NO_CARD, clerk)


def test_below_the_deductible_no_payee_is_needed() -> None:
    reimbursement = opened(a_claim(retiree(), "150.00", filed_on=FILED))
    clerk, supervisor = pair(reimbursement.claim.region)
    reimbursements.complete_papers(
        reimbursement, on=FILED, today=FILED, accepted_without=SEEN, actor=clerk, reason="all there"
    )
    found = reimbursements.submit_reimbursement(reimbursement, actor=clerk)
    assert reimbursements.approve_reimbursement(found, today=TODAY, actor=supervisor, reason="seen").cash == Decimal(
        "150.00"
    )


def test_a_move_outside_its_state_says_which_state_it_is() -> None:
    reimbursement = opened(manual())
    clerk, _supervisor = pair(reimbursement.claim.region)
    with pytest.raises(MoveNotAllowed, match="registered"):
        reimbursements.submit_reimbursement(reimbursement, actor=clerk)
