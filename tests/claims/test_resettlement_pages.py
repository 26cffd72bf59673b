"""The pages of a reversal that changes later settlements, and of the money that follows."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import EntryKind, LedgerEntry
from claims.models import Resettlement, Settlement
from claims.services.bank_answers import apply_bank_answers
from claims.services.payments import approve_batch, submit_batch
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from desk.worklist import waiting_for
from tests.claims.reimbursed import answer
from tests.office import Office, furnished_office, text_of, visit, visitor  # noqa: F401  The fixture "office".
from tests.waiting import TODAY

pytestmark = pytest.mark.django_db


def test_the_page_shows_what_comes_out_otherwise_before_and_after(office: Office) -> None:
    """The bill in the payment batch bore the year's deductible; the next one would have to."""
    retired, clinic = office.members[1], office.things["provider_zaozhuang"]
    later = settle_claim(visit(retired, clinic, "C0100", date(2024, 3, 12)), today=TODAY)
    assert isinstance(later, Settlement)
    bore = Settlement.objects.get(claim=office.things["payment_batch"].items.get().reimbursement.claim)
    asked = request_reversal(bore, actor=office.staff["clerk"], reason="wrong member")
    shown = text_of(office.staff["supervisor"], "claims_reversal_change", asked)
    assert "Settled anew with it" in shown
    assert "C0100" in shown
    # The one loses its payment; the other then comes out as the one did.
    assert f"{bore.pooled - later.pooled:.2f}" in shown


def test_where_nothing_else_changes_the_page_says_so(office: Office) -> None:
    shown = text_of(office.staff["supervisor"], "claims_reversal_change", office.things["reversal"])
    assert "No other settlement of the year comes out otherwise." in shown


def test_finance_records_what_a_member_has_paid_back(office: Office) -> None:
    """The claim in the payment batch is paid by the bank, then found to be wrong: all of it is owed back."""
    batch, finance = office.things["payment_batch"], office.staff["finance"]
    approve_batch(submit_batch(batch, actor=finance), actor=office.staff["second_supervisor"])
    item = batch.items.get()
    apply_bank_answers(batch, [answer(item, answered_on=TODAY)], actor=finance, today=TODAY)
    paid = Settlement.objects.get(claim=item.reimbursement.claim, reverses=None)
    asked = request_reversal(paid, actor=office.staff["clerk"], reason="forged invoice")
    approve_reversal(asked, actor=office.staff["supervisor"], today=TODAY)
    owed = Resettlement.objects.get(claim=paid.claim)
    assert owed.difference == -item.amount
    assert owed in [each.thing for each in waiting_for(finance)]
    assert "to be recovered" in text_of(finance, "claims_resettlement_change", owed)
    assert "What was done" in text_of(finance, "claims_reversal_change", asked)
    form = reverse("admin:claims_resettlement_recover", args=[owed.pk])
    visitor(finance).post(form, {"on": TODAY.isoformat(), "reference": "R-17"})
    owed.refresh_from_db()
    assert (owed.recovered_on, owed.recovered_by) == (TODAY, finance)
    assert LedgerEntry.objects.get(kind=EntryKind.REPAYMENT).amount == item.amount > Decimal(0)
    assert "recovered on" in text_of(finance, "claims_resettlement_change", owed)
