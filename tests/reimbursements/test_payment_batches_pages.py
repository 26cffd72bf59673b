"""Payment batches on screen: from finance to the bank and back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from agency.exporting.streams import csv_bytes
from agency.models import Role
from desk.worklist import waiting_for
from files.models import FileImport, ImportState
from files.services.import_steps import run_step
from reimbursements.models import BatchState, PaymentBatch, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.services.reimbursements import approve_reimbursement
from tests.builder.damage import rewrite
from tests.builder.office import REASON, Office, colleague
from tests.builder.reimbursements import ACCOUNT
from tests.builder.screens import button, press, sentences, text_of, visitor

pytestmark = pytest.mark.django_db

HEADERS = ["reference", "amount", "result", "bank's reference", "why it failed", "answered on"]


@pytest.fixture(name="treasurer")
def another_of_finance(office: Office) -> Client:
    return visitor(colleague("treasurer", Role.FINANCE, office.here))


def answered(client: Client, batch: PaymentBatch, *rows: list[str]) -> FileImport:
    """Brought where the batch's button leads, with what is chosen there; the preview confirmed."""
    led: Any = client.get(button("upload_answer", batch), follow=True)
    form = led.context["form"]
    chosen = {name: form[name].value() for name in ("kind", "region", "about")}
    assert chosen == {"kind": "bank_answers", "region": str(batch.region_id), "about": str(batch.pk)}
    assert f"Payment batch: {batch.region.name_en} #{batch.number}" in led.content.decode()
    file = SimpleUploadedFile("answer.csv", csv_bytes(HEADERS, rows))
    assert client.post(led.request["PATH_INFO"], {**chosen, "file": file}).status_code == 302
    brought = FileImport.objects.latest("pk")
    run_step(brought, localdate())
    if not brought.counts["wrong"]:
        press(client, "confirm", brought)
        run_step(FileImport.objects.get(pk=brought.pk), localdate())
    return FileImport.objects.get(pk=brought.pk)


def released(office: Office, treasurer: Client) -> tuple[PaymentBatch, PaymentItem, Client]:
    """The office's batch, approved by the treasurer; its item; finance."""
    batch, finance = office.objs["payment_batch"], visitor(office.staff["finance"])
    assert sentences(press(finance, "submit", batch)) == ["The batch waits for another person's approval."]
    assert sentences(press(treasurer, "approve", batch)) == ["The batch is approved."]
    batch.refresh_from_db()
    return batch, batch.items.get(), finance


def test_a_page_shows_payees_without_their_account_numbers(office: Office) -> None:
    batch = office.objs["payment_batch"]
    text = text_of(office.staff["auditor"], batch)
    item = batch.items.get()
    for words in (item.payee_name, "6200*****6789", "C0009", f"{item.amount:,.2f}"):
        assert words in text
    assert ACCOUNT not in text


def test_a_batch_goes_to_the_bank_and_is_closed_by_its_answer(office: Office, treasurer: Client) -> None:
    batch, item, finance = released(office, treasurer)
    address = reverse("admin:reimbursements_paymentbatch_bank_file", args=[batch.pk])
    assert press(finance, "submit", batch).context["form"].non_field_errors()
    led = finance.get(reverse("admin:reimbursements_paymentbatch_download_bank_file", args=[batch.pk]))
    assert led["Location"] == address
    file = b"".join(finance.get(address).streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert file[0] == "serial number,payee,bank,account number,amount,reference,purpose"
    assert file[1] == f"1,{item.payee_name},工商银行,{ACCOUNT},{item.amount},{item.pk},medical reimbursement C0009"
    assert visitor(office.staff["supervisor"]).get(address).status_code == 404
    assert batch.history.filter(history_change_reason="bank file downloaded").count() == 1

    row = [str(item.pk), str(item.amount), "paid", "ICBC1", "", f"{localdate()}"]
    brought = answered(finance, batch, row)
    assert brought.state == ImportState.IMPORTED
    assert button("change", batch) in text_of(office.staff["finance"], brought)
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert finance.get(address).status_code == 404


def test_a_formula_in_a_payees_name_is_text_for_the_spreadsheet(office: Office, treasurer: Client) -> None:
    batch = office.objs["payment_batch"]
    rewrite(batch.items, payee_name='=HYPERLINK("http://evil")')
    batch, _item, finance = released(office, treasurer)
    response = finance.get(reverse("admin:reimbursements_paymentbatch_bank_file", args=[batch.pk]))
    assert b"'=HYPERLINK" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_every_wrong_row_is_named_in_the_preview(office: Office, treasurer: Client) -> None:
    batch, item, finance = released(office, treasurer)
    rows = [[str(item.pk), "1.00", "paid", "", "", f"{localdate()}"], ["0", "1.00", "paid", "", "", f"{localdate()}"]]
    page = text_of(office.staff["finance"], answered(finance, batch, *rows))
    assert "The bank was asked to pay another amount." in page
    assert "The batch has no payment with this reference." in page
    item.refresh_from_db()
    assert item.state == "waiting"


def test_a_failed_payment_is_corrected_by_a_clerk_and_drafted_again(office: Office, treasurer: Client) -> None:
    batch, item, finance = released(office, treasurer)
    clerk = visitor(office.staff["clerk"])
    answered(finance, batch, [str(item.pk), str(item.amount), "failed", "", "销户", f"{localdate()}"])
    payee = {"payment": item.pk, "payee_name": "王秀英", "payee_bank": "农业银行", "payee_account": "6228000000000001"}
    assert press(finance, "correct", batch, **payee, reason=REASON).status_code == 403
    assert sentences(press(clerk, "correct", batch, **payee, reason=REASON)) == ["The payee is corrected."]
    found = Reimbursement.objects.get(pk=item.reimbursement_id)
    assert (found.state, found.payee_bank) == (ReimbursementState.APPROVED, "农业银行")

    response = finance.post(reverse("admin:reimbursements_paymentbatch_add"), {"region": office.here.pk})
    again = PaymentBatch.objects.latest("pk")
    assert response["Location"] == reverse("admin:reimbursements_paymentbatch_change", args=[again.pk])
    assert (again.number, again.items.get().payee_account) == (2, "6228000000000001")
    # Whoever approves it is shown which payees the supervisor did not see; the failed payment names no one.
    marked = '<span class="desk-badge desk-badge-warning">clerk</span>'
    assert marked in text_of(office.staff["auditor"], again)
    assert marked not in text_of(office.staff["auditor"], batch)


def test_a_formula_in_the_banks_answer_is_text(office: Office, treasurer: Client) -> None:
    """In a column of text it is kept as it is and written for the spreadsheet as text; elsewhere it is refused."""
    batch, item, finance = released(office, treasurer)
    formula = '=HYPERLINK("http://evil")'
    wrong = [formula, str(item.amount), "paid", "", "", f"{localdate()}"]
    assert answered(finance, batch, wrong).counts["wrong"] == 1
    row = [str(item.pk), str(item.amount), "failed", "", formula, f"{localdate()}"]
    assert answered(finance, batch, row).state == ImportState.IMPORTED
    item.refresh_from_db()
    assert item.failure == formula
    page = text_of(office.staff["auditor"], batch)
    assert "=HYPERLINK(&quot;http://evil&quot;)" in page


def test_what_cannot_be_drafted_is_named_and_put_right_on_its_page(office: Office) -> None:
    batch, finance, clerk = (
        office.objs["payment_batch"],
        visitor(office.staff["finance"]),
        visitor(office.staff["clerk"]),
    )
    found = batch.items.get().reimbursement
    press(finance, "discard", batch, reason=REASON)
    waiting = office.objs["reimbursement"]
    approve_reimbursement(waiting, today=localdate(), actor=office.staff["supervisor"], reason=REASON)
    Reimbursement.objects.filter(pk=found.pk).update(payee_account="")
    drafted = finance.post(reverse("admin:reimbursements_paymentbatch_add"), {"region": office.here.pk})
    assert "Left out until a clerk corrects their payee: C0009." in sentences(drafted)[-1]
    assert PaymentBatch.objects.latest("pk").items.get().reimbursement == waiting

    address = reverse("admin:reimbursements_reimbursement_correct_payee", args=[found.pk])
    assert address in text_of(office.staff["clerk"], found)
    payee = {"payee_name": "王秀英", "payee_bank": "农业银行", "payee_account": "6228000000000001", "reason": REASON}
    assert sentences(clerk.post(address, payee)) == ["The payee is corrected."]
    assert address not in text_of(office.staff["clerk"], found)
    finance.post(reverse("admin:reimbursements_paymentbatch_add"), {"region": office.here.pk})
    assert PaymentBatch.objects.latest("pk").items.get().reimbursement == found


def test_whoever_had_a_hand_in_a_claim_is_told_why_the_file_is_not_theirs(office: Office, treasurer: Client) -> None:
    batch, _item, finance = released(office, treasurer)
    rewrite(Reimbursement.objects.filter(payments__batch=batch), payee_corrected_by=office.staff["finance"])
    response = finance.get(reverse("admin:reimbursements_paymentbatch_bank_file", args=[batch.pk]))
    assert response["Location"] == reverse("admin:reimbursements_paymentbatch_change", args=[batch.pk])
    assert "somebody else has to pay them: C0009" in sentences(response)[-1]


def test_a_batch_waits_on_the_home_page_of_whoever_goes_on_with_it(office: Office, treasurer: Client) -> None:
    batch, finance = office.objs["payment_batch"], office.staff["finance"]
    assert batch in [each.obj for each in waiting_for(finance)]
    press(visitor(finance), "submit", batch)
    assert batch not in [each.obj for each in waiting_for(finance)]
    other = type(finance).objects.get(username="treasurer")
    assert [each.obj for each in waiting_for(other)].count(batch) == 1


def test_a_batch_is_returned_and_discarded(office: Office, treasurer: Client) -> None:
    batch, finance = office.objs["payment_batch"], visitor(office.staff["finance"])
    press(finance, "submit", batch)
    assert sentences(press(treasurer, "send_back", batch, reason=REASON)) == ["The batch was returned."]
    assert sentences(press(finance, "discard", batch, reason=REASON))[-1] == "The batch was discarded."
    batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED


def test_what_the_supervisor_approved_somebody_else_pays(office: Office) -> None:
    batch = office.objs["payment_batch"]
    press(visitor(office.staff["finance"]), "submit", batch)
    (said,) = press(visitor(office.staff["supervisor"]), "approve", batch).context["form"].non_field_errors()
    assert said == (
        "You entered, examined or corrected these claims or their payees; somebody else has to pay them: C0009."
    )
