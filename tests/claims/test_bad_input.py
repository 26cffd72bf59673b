"""What people with other intentions send: a file without end, a ZIP in a PDF's clothes, formulas."""

import csv
from io import RawIOBase, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import ClaimDocument
from files.admin.downloads import csv_download
from reimbursements.models import BatchState, PaymentBatch, PaymentItem
from tests.builder.damage import rewrite
from tests.builder.office import Office
from tests.builder.papers import Zeros, archive
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
FORMULAS = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]


class Joined(RawIOBase):
    """Several streams, one after the other, as a server reads a request."""

    def __init__(self, *parts: Any) -> None:
        """parts: each read to its end."""
        self.parts = list(parts)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Nothing at the end of the last."""
        while self.parts:
            count: int = self.parts[0].readinto(buffer)
            if count:
                return count
            self.parts.pop(0)
        return 0


def part(text: str) -> Any:
    written = text.encode()
    return Zeros(len(written), head=written)


def test_an_upload_of_200_megabytes_is_refused_with_a_sentence(office: Office) -> None:
    claim = office.objs["open_claim"]
    head = part(
        '--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\ninvoice\r\n'
        '--x\r\nContent-Disposition: form-data; name="content"; filename="scan.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    large, tail = Zeros(200 * MEGABYTE, head=b"%PDF-1.4\n"), part("\r\n--x--\r\n")
    sent: dict[str, Any] = {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(head.size + large.size + tail.size),
        "wsgi.input": Joined(head, large, tail),
    }
    address = reverse("admin:claims_claim_attach_document", args=[claim.pk])
    response = visitor(office.staff["clerk"]).generic("POST", address, **sent)
    assert large.bytes_read == large.size
    assert "larger than 20 MB" in response.content.decode()
    assert not ClaimDocument.objects.filter(claim=claim).exists()


@pytest.mark.parametrize("name", ["invoice.pdf", "invoice.jpg", "invoice.pdf.png"])
def test_a_zip_is_refused_whatever_it_is_called(office: Office, name: str) -> None:
    claim = office.objs["open_claim"]
    content = SimpleUploadedFile(name, archive(), content_type="application/pdf")
    address = reverse("admin:claims_claim_attach_document", args=[claim.pk])
    response = visitor(office.staff["clerk"]).post(address, {"kind": "invoice", "content": content})
    assert "no PDF, JPEG or PNG" in response.content.decode()
    assert not ClaimDocument.objects.filter(claim=claim).exists()


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_download_carries_no_formula(formula: str) -> None:
    response = csv_download("list", ["name", "count"], [[formula, 1], ["plain", None]])
    written = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    _header, first, second = csv.reader(StringIO(written, newline=""))
    assert (first, second) == ([f"'{formula}", "1"], ["plain", ""])


def test_a_payee_who_is_a_formula_stays_text_in_the_banks_file(office: Office) -> None:
    batch: PaymentBatch = office.objs["payment_batch"]
    rewrite(PaymentItem.objects.filter(batch=batch), payee_name="=HYPERLINK(1)", payee_bank="@SUM(A1)")
    rewrite(
        PaymentBatch.objects.filter(pk=batch.pk),
        state=BatchState.APPROVED,
        submitted_by=office.staff["finance"],
        decided_by=office.staff["supervisor"],
    )
    address = reverse("admin:reimbursements_paymentbatch_bank_file", args=[batch.pk])
    written = visitor(office.staff["finance"]).get(address).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(written, newline=""))
    assert (row["payee"], row["bank"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")
