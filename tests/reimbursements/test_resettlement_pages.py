"""The pages of a reversal that changes later settlements, and of the money that follows."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import EntryKind, LedgerEntry
from accounts.services.closing import approve_closing, refuse_closing, submit_closing
from claims.models import Claim, Resettlement, Reversal, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from desk.worklist import waiting_for
from policies.engine.vocabulary import ClosingReason
from reimbursements.services.bank_answers import apply_bank_answers
from reimbursements.services.payments import approve_batch, submit_batch
from tests.builder.office import REASON, TODAY, Office, visit
from tests.builder.reimbursements import answer
from tests.builder.screens import text_of, visitor

pytestmark = pytest.mark.django_db


def test_the_page_shows_what_comes_out_otherwise_before_and_after(office: Office) -> None:
    """The bill in the payment batch bore the year's deductible; the next one would have to."""
    retired, clinic = office.members[1], office.objs["provider_zaozhuang"]
    later = settle_claim(visit(retired, clinic, "C0100", date(2024, 3, 12)), today=TODAY)
    assert isinstance(later, Settlement)
    bore = Settlement.objects.get(claim=office.objs["payment_batch"].items.get().reimbursement.claim)
    asked = request_reversal(bore, actor=office.staff["clerk"], reason="wrong member")
    shown = text_of(office.staff["supervisor"], asked)
    assert "Settled anew with it" in shown
    assert "C0100" in shown
    # The one loses its payment; the other then comes out as the one did.
    assert f"{bore.pooled - later.pooled:.2f}" in shown


def test_where_nothing_else_changes_the_page_says_so(office: Office) -> None:
    shown = text_of(office.staff["supervisor"], office.objs["reversal"])
    assert "No other settlement of the year comes out otherwise." in shown


def test_finance_records_what_a_member_has_paid_back(office: Office) -> None:
    """The claim in the payment batch is paid by the bank, then found to be wrong: all of it is owed back."""
    batch, finance = office.objs["payment_batch"], office.staff["finance"]
    approve_batch(submit_batch(batch, actor=finance), actor=office.staff["second_supervisor"])
    item = batch.items.get()
    apply_bank_answers(batch, [answer(item, answered_on=TODAY)], actor=finance, today=TODAY)
    paid = Settlement.objects.get(claim=item.reimbursement.claim, reverses=None)
    asked = request_reversal(paid, actor=office.staff["clerk"], reason="forged invoice")
    approve_reversal(asked, actor=office.staff["supervisor"], today=TODAY)
    owed = Resettlement.objects.get(claim=paid.claim)
    assert owed.difference == -item.amount
    assert owed in [each.obj for each in waiting_for(finance)]
    assert "to be recovered" in text_of(finance, owed)
    assert "What was done" in text_of(finance, asked)
    form = reverse("admin:claims_resettlement_recover", args=[owed.pk])
    visitor(finance).post(form, {"on": TODAY.isoformat(), "reference": "R-17"})
    owed.refresh_from_db()
    assert (owed.recovered_on, owed.recovered_by) == (TODAY, finance)
    assert LedgerEntry.objects.get(kind=EntryKind.REPAYMENT).amount == item.amount > Decimal(0)
    assert "recovered on" in text_of(finance, owed)


def test_the_clerk_is_told_what_goes_to_the_heirs_before_and_after(office: Office) -> None:
    """The account held February's 120.00, of which 20.00 are above entitlement, and paid them for the bill; it is
    closed when that is taken back: 20.00 are recovered first, 100.00 go to the heir.
    """
    clerk, supervisor, active = office.staff["clerk"], office.staff["supervisor"], office.members[0]
    bill = visit(active, office.objs["provider_zaozhuang"], "C0200", date(2024, 3, 12))
    Claim.objects.filter(pk=bill.pk).update(pay_from_account=True)
    settled = settle_claim(bill, today=TODAY)
    assert isinstance(settled, Settlement)
    assert settled.account == Decimal("120.00")
    refuse_closing(office.objs["closing"], actor=supervisor, reason="another balance")
    asked = submit_closing(
        active, closing_reason=ClosingReason.EMIGRATION, on=TODAY, payee="李继承", actor=clerk, reason=REASON
    )
    closing = approve_closing(asked, today=TODAY, actor=supervisor)
    button = reverse("admin:claims_claim_ask_for_reversal", args=[bill.pk])
    answered = visitor(clerk).post(button, {"reason": "wrong member"}, follow=True).content.decode()
    reversal = Reversal.objects.get(settlement=settled)
    decision = text_of(supervisor, reversal, "approve")
    for shown in (answered, text_of(supervisor, reversal), decision):
        assert "100.00 yuan go to 李继承" in shown
        assert "20.00 yuan that were credited" in shown
    button = reverse("admin:claims_reversal_approve", args=[reversal.pk])
    answered = visitor(supervisor).post(button, {"reason": ""}, follow=True).content.decode()
    assert answered.count("100.00 yuan are due to 李继承") == 2
    later = closing.later.get()
    # The reversal's own page is named by the same number.
    because = text_of(supervisor, later)
    assert f"a settlement was taken back, reversal #{reversal.pk}" in because
    assert f"#{reversal.pk} C0200" in text_of(supervisor, reversal)
    shown = text_of(supervisor, closing)
    assert "100.00" in shown
    assert "a settlement was taken back" in shown
    slip = visitor(supervisor).get(reverse("admin:accounts_accountclosing_slip", args=[later.pk])).content.decode()
    assert "100.00" in slip
