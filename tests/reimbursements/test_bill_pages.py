"""The screens of a bill: the trial while it is typed, its correction, its papers beside it, a payment that failed."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, ClaimLine, DocumentKind
from claims.services.documents import attach_document
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.services.reimbursements import register_reimbursement, return_reimbursement
from tests.builder.office import REASON, TODAY, Office, claim_form, visit
from tests.builder.papers import pdf, picture
from tests.builder.screens import text_of, visitor

pytestmark = pytest.mark.django_db

PAGE = "reimbursements_reimbursement_change"


def tried(client: Client, office: Office, **more: Any) -> str:
    """What the form of a new claim is told of 120.00 yuan, typed but for its number and the reason."""
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"]) | {"claim_number": "", "reason": ""}
    response = client.post(reverse("admin:claims_claim_try"), form | more)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def opened(office: Office, number: str = "C9300", **more: Any) -> Reimbursement:
    """A reimbursement of 1,000.00 yuan at the counter."""
    claim = visit(
        office.members[0], office.objs["provider_zaozhuang"], number, date(2024, 3, 20), filed_on=TODAY, **more
    )
    return register_reimbursement(claim, actor=office.staff["clerk"], reason=REASON)


def address(name: str, obj: Any) -> str:
    return reverse(f"admin:reimbursements_reimbursement_{name}", args=[obj.pk])


def bill(*amounts: str, **more: str) -> dict[str, str]:
    """A correction as it is sent."""
    sent = {"served_on": "2024-03-19", "benefit": "general_outpatient", "invoice_number": "F900", "reason": REASON}
    sent |= {"lines-TOTAL_FORMS": str(len(amounts) + 1), "lines-INITIAL_FORMS": "0"}
    for number, amount in enumerate(amounts):
        sent |= {f"lines-{number}-kind": "drug", f"lines-{number}-category": "A", f"lines-{number}-amount": amount}
    return sent | {f"lines-{len(amounts)}-kind": "drug", f"lines-{len(amounts)}-category": "A"} | more


def test_a_claim_is_tried_while_it_is_typed(office: Office) -> None:
    before = Claim.objects.count()
    text = tried(visitor(office.staff["clerk"]), office)
    # The year's deductible is met; 60 % of 120.00 (Zaozhuang 5).
    for shown in ("72.00", "60 %", "第五条", "Step by step"):
        assert shown in text, shown
    assert "Complete the form first" not in text
    assert Claim.objects.count() == before


def test_what_keeps_it_from_being_tried_is_named(office: Office) -> None:
    text = tried(visitor(office.staff["clerk"]), office, served_on="", **{"lines-0-amount": "much"})
    for shown in ("Complete the form first", "Served on: ", "Line 1, Amount, yuan: "):
        assert shown in text, shown
    assert "Reason for the change" not in text
    assert "lies in the future" in tried(visitor(office.staff["clerk"]), office, served_on="2100-01-01")


def test_a_trial_shows_the_claims_with_the_same_invoice_and_the_refusal(office: Office) -> None:
    text = tried(visitor(office.staff["clerk"]), office, invoice_number="F001")
    assert "Same invoice number of the same provider: C0001" in text
    assert "The rules refuse it: invoice already paid" in text
    assert "Same invoice" not in tried(visitor(office.staff["clerk"]), office, invoice_number="F002")


def test_a_trial_is_for_those_who_register_claims_in_their_region(office: Office) -> None:
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"])
    for role in ("supervisor", "finance", "auditor"):
        assert visitor(office.staff[role]).post(reverse("admin:claims_claim_try"), form).status_code == 403, role
    away = tried(visitor(office.staff["clerk_away"]), office)
    assert "Member: " in away
    assert "张伟" not in away
    assert Client().post(reverse("admin:claims_claim_try"), form).status_code == 302
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(office.staff["clerk"], backend="agency.backends.RoleBackend")
    assert forged.post(reverse("admin:claims_claim_try"), form).status_code == 403
    assert visitor(office.staff["clerk"]).get(reverse("admin:claims_claim_try")).status_code == 405


def test_the_form_of_a_correction_begins_with_what_stands_there(office: Office) -> None:
    found = opened(office, invoice_number="F900")
    response = visitor(office.staff["clerk"]).get(address("correct_bill", found))
    form = response.context["form"]
    assert form["served_on"].value() == date(2024, 3, 20)
    assert [(line["name"].value(), str(line["amount"].value())) for line in form.lines][:3] == [
        ("阿莫西林胶囊", "700.00"),
        ("彩超检查", "200.00"),
        ("一次性耗材", "100.00"),
    ]
    text = response.content.decode()
    assert 'value="10"' in text  # The upfront share, in percent.
    assert address("try", found) in text


def test_a_bill_is_corrected_on_its_page(office: Office) -> None:
    found, clerk = opened(office), visitor(office.staff["clerk"])
    text = clerk.post(address("try", found), bill("300.00")).content.decode()
    # 60 % of 300.00.
    assert "180.00" in text
    response = clerk.post(address("correct_bill", found), bill("300.00", "20.00"))
    assert response["Location"] == reverse(f"admin:{PAGE}", args=[found.pk])
    claim = Claim.objects.get(pk=found.claim_id)
    assert (claim.served_on, claim.invoice_number) == (date(2024, 3, 19), "F900")
    assert ClaimLine.objects.filter(claim=claim).count() == 2
    text = text_of(office.staff["supervisor"], found)
    assert "Lines before a correction" in text
    assert "阿莫西林胶囊" in text
    away = visitor(office.staff["clerk_away"]).post(address("try", found), bill("300.00"))
    assert away.status_code == 404
    assert visitor(office.staff["supervisor"]).post(address("try", found), bill("300.00")).status_code == 403


def test_a_row_that_was_emptied_is_gone(office: Office) -> None:
    found = opened(office)
    sent = bill("300.00", "20.00") | {"lines-0-amount": ""}
    visitor(office.staff["clerk"]).post(address("correct_bill", found), sent)
    assert [str(line.amount) for line in ClaimLine.objects.filter(claim_id=found.claim_id)] == ["20.00"]


def test_as_many_lines_as_a_bill_may_have_are_taken(office: Office) -> None:
    found = opened(office)
    more = {
        f"lines-{number}-{name}": value
        for number in range(200)
        for name, value in (
            ("name", "药"), ("code", "X"), ("over_limit", ""), ("upfront_rate", ""), ("is_negotiated", "on"),
            ("is_prenatal", "on"), ("is_examination", "on"),
        )
    }  # fmt: skip
    sent = bill(*["1.00"] * 200, **more) | {"lines-TOTAL_FORMS": "200"}
    visitor(office.staff["clerk"]).post(address("correct_bill", found), sent)
    assert ClaimLine.objects.filter(claim_id=found.claim_id).count() == 200


def attach(claim: Claim, kind: DocumentKind, content: bytes, name: str) -> Any:
    return attach_document(claim, kind=kind, content=BytesIO(content), name=name, actor=None)


def test_the_supervisor_sees_calculation_and_papers_side_by_side(office: Office) -> None:
    found = office.objs["reimbursement"]
    clerk, supervisor = office.staff["clerk"], office.staff["supervisor"]
    return_reimbursement(found, actor=supervisor, reason="no papers")
    invoice = attach(found.claim, DocumentKind.INVOICE, pdf(), "发票.pdf")
    photo = attach(found.claim, DocumentKind.RECORD, picture("JPEG"), "病历.jpg")
    attach(office.objs["open_claim"], DocumentKind.INVOICE, pdf(), "again.pdf")
    Claim.objects.filter(pk=found.claim_id).update(invoice_number="F001")
    Reimbursement.objects.filter(pk=found.pk).update(state=ReimbursementState.SUBMITTED)
    page = f"/admin/reimbursements/reimbursement/{found.pk}/side-by-side/"
    assert visitor(supervisor).get(address("examine", found), follow=True).request["PATH_INFO"] == page
    response = visitor(supervisor).get(page)
    text = " ".join(response.content.decode().split())
    for document, tag in ((invoice, "iframe"), (photo, "img")):
        file = reverse("admin:claims_claim_document", args=[found.claim_id, document.pk])
        assert f'<{tag} src="{file}"' in text
        assert f'href="#paper-{document.pk}"' in text
    for shown in (
        "Pooled payment",
        "阿莫西林胶囊",
        "Same invoice number of the same provider: C0001",
        "The file 发票.pdf stands with other claims, too: C0003",
    ):
        assert shown in text, shown
    for name in ("approve", "return_to_clerk", "refuse"):
        assert f'href="{address(name, found)}?seen={found.payload_hash}"' in text, name
    assert address("approve", found) not in visitor(clerk).get(page).content.decode()
    for role in ("clerk_away", "system_administrator", "nobody"):
        other = visitor(office.staff[role])
        assert other.get(page).status_code in (302, 404)


def test_a_payment_that_failed_is_seen_and_put_right_on_the_reimbursement(office: Office) -> None:
    batch = office.objs["payment_batch"]
    item = batch.items.get()
    found = item.reimbursement
    page = reverse("admin:reimbursements_paymentbatch_change", args=[batch.pk])
    text = text_of(office.staff["clerk"], found)
    assert page in text
    assert "waiting for the bank" in text
    item.state, item.failure, item.answered_on = "failed", "销户", TODAY
    item.save()
    Reimbursement.objects.filter(pk=found.pk).update(state=ReimbursementState.PAYMENT_FAILED)
    payee = {"payee_name": "王秀英", "payee_bank": "农业银行", "payee_account": "6228000000000001", "reason": REASON}
    assert visitor(office.staff["finance"]).post(address("correct_payee", found), payee).status_code == 403
    visitor(office.staff["clerk"]).post(address("correct_payee", found), payee)
    found.refresh_from_db()
    assert (found.state, found.payee_bank) == (ReimbursementState.APPROVED, "农业银行")
    assert "销户" in text_of(office.staff["clerk"], found)
