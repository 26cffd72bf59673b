"""Documents of a claim: kept, withdrawn, left alone once somebody decides on them; the same file found again."""

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from agency.exceptions import DomainError, MoveNotAllowed
from agency.services.file_checks import check_content
from claims.models import Claim, ClaimDocument, DocumentKind
from claims.selectors.documents import same_files, same_invoice
from claims.services.documents import attach_document, withdraw_document
from reimbursements.models import ReimbursementKind
from reimbursements.selectors.papers import missing_kinds
from reimbursements.services import reimbursements
from tests.builder.office import REASON, Office, manual, registered, visit
from tests.builder.papers import archive, pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAY = date(2024, 3, 21)


def attached(claim: Claim, content: bytes = b"", **options: Any) -> ClaimDocument:
    """One more document of the claim, by nobody in particular."""
    given: dict[str, Any] = {"kind": DocumentKind.INVOICE, "name": "发票.pdf", "actor": None} | options
    return attach_document(claim, content=BytesIO(content or pdf()), **given)


def test_a_document_is_kept_whole_under_a_name_that_says_nothing(office: Office) -> None:
    claim, content = office.objs["open_claim"], picture("JPEG")
    document = attached(claim, content, name="C:\\病历\\张伟\u202egpj.jpeg", actor=office.staff["clerk"])
    document.refresh_from_db()
    # A picture is written anew.
    content = check_content(BytesIO(content)).content.read()
    with document.file.open("rb") as kept:
        assert kept.read() == content
    assert (document.name, document.size, document.digest) == (
        "张伟gpj.jpeg",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert document.uploaded_by == office.staff["clerk"]
    path = Path(document.file.path)
    assert len(path.stem) == 32
    assert path.suffix == ".jpg"
    assert path.is_relative_to(settings.PRIVATE_MEDIA_ROOT)
    assert not path.is_relative_to(settings.STATIC_ROOT)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("scan.PDF", pdf(), "scan.PDF"),
        ("scan.exe", pdf(), "scan.exe.pdf"),
        ("scan.html", picture("PNG"), "scan.html.png"),
        ("", pdf(), "document.pdf"),
        ("../../etc/passwd", pdf(), "passwd.pdf"),
        ("长" * 200 + ".jpg", picture("JPEG"), "长" * 116 + ".jpg"),
    ],
)
def test_a_name_is_shown_with_the_ending_of_its_content(office: Office, name: str, content: bytes, shown: str) -> None:
    assert attached(office.objs["open_claim"], content, name=name).name == shown


def test_a_large_upload_that_waits_on_the_disk_is_kept_too(office: Office) -> None:
    waiting = TemporaryUploadedFile("a.pdf", "application/pdf", len(pdf()), None)
    waiting.write(pdf())
    waiting.seek(0)
    document = attach_document(
        office.objs["open_claim"], kind=DocumentKind.RECORD, content=waiting, name="a.pdf", actor=None
    )
    with document.file.open("rb") as kept:
        assert kept.read() == pdf()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.pdf", archive()),
        ("paper.png", b"<html><script>alert(1)</script></html>"),
        ("paper.pdf", pdf() + archive()),
        ("paper.pdf", b"\x00"),
    ],
)
def test_content_that_is_not_accepted_leaves_nothing(office: Office, name: str, content: bytes) -> None:
    declared = SimpleUploadedFile(name, content, content_type="application/pdf")
    with pytest.raises(DomainError):
        attach_document(office.objs["open_claim"], kind=DocumentKind.INVOICE, content=declared, name=name, actor=None)
    assert not ClaimDocument.objects.filter(claim=office.objs["open_claim"]).exists()


def test_a_file_stands_once_with_a_claim_until_it_is_withdrawn(office: Office) -> None:
    claim, clerk = office.objs["open_claim"], office.staff["clerk"]
    document = attached(claim)
    with pytest.raises(DomainError, match="stands with the claim already"):
        attached(claim, kind=DocumentKind.RECORD)
    with pytest.raises(DomainError, match="Give the reason"):
        withdraw_document(document, actor=clerk, reason=" ")
    withdraw_document(document, actor=clerk, reason="of another member")
    document.refresh_from_db()
    assert (document.withdrawn_by, document.withdrawn_reason) == (clerk, "of another member")
    assert Path(document.file.path).exists()
    with pytest.raises(MoveNotAllowed, match="withdrawn already"):
        withdraw_document(document, actor=clerk, reason=REASON)
    assert attached(claim).pk != document.pk


def test_documents_of_a_settled_claim_stay_as_they_are(office: Office) -> None:
    with pytest.raises(MoveNotAllowed, match="settled or reversed already"):
        attached(office.objs["claim"])
    assert attached(office.objs["refused"]).pk


def test_documents_that_somebody_decides_on_stay_as_they_are(office: Office) -> None:
    clerk, supervisor = office.staff["clerk"], office.staff["supervisor"]
    claim = manual(office, "D0001")
    opened = registered(office, claim)
    document = attached(claim, pdf("first"))
    reimbursements.complete_papers(opened, on=DAY, today=DAY, accepted_without=REASON, actor=clerk, reason=REASON)
    attached(claim, pdf("second"))
    reimbursements.submit_reimbursement(opened, actor=clerk)
    with pytest.raises(MoveNotAllowed, match="submitted with its documents"):
        attached(claim, pdf("third"))
    with pytest.raises(MoveNotAllowed, match="submitted with its documents"):
        withdraw_document(document, actor=clerk, reason=REASON)
    reimbursements.return_reimbursement(opened, actor=supervisor, reason="a page is missing")
    assert attached(claim, pdf("third")).pk
    assert withdraw_document(document, actor=clerk, reason=REASON).withdrawn_by == clerk


def test_the_same_file_is_found_again_in_the_region_whoevers_it_is(office: Office) -> None:
    here, other = office.objs["open_claim"], office.objs["refused"]
    assert here.member_id != other.member_id
    document, twin = attached(here), attached(other)
    attached(here, pdf("another"))
    attached(office.objs["claim_away"])
    assert same_files(document.claim) == {document.digest: [other]}
    assert same_files(twin.claim) == {document.digest: [here]}
    assert same_files(here) == {document.digest: [other]}
    withdraw_document(twin, actor=office.staff["clerk"], reason=REASON)
    assert same_files(document.claim) == {}
    assert same_files(here) == {}


def test_the_same_invoice_of_the_same_provider_is_found_again(office: Office) -> None:
    first, settled = manual(office, "D0002", invoice_number="F001"), office.objs["claim"]
    stranger, clinic = office.stranger, office.objs["provider_dazhou"]
    assert stranger is not None
    visit(stranger, clinic, "D0003", date(2024, 3, 20), invoice_number="F001")
    assert same_invoice(first) == [settled]
    assert same_invoice(settled) == [first]
    without = manual(office, "D0004")
    manual(office, "D0005")
    assert same_invoice(without) == []


COMMON = ["identity", "invoice", "itemised_list", "record", "bank_account"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ReimbursementKind.GENERAL, COMMON),
        (ReimbursementKind.NO_CARD, COMMON),
        (ReimbursementKind.OUT_OF_AREA, [*COMMON, "referral_form"]),
        (ReimbursementKind.EMERGENCY, [*COMMON, "emergency_certificate"]),
        (ReimbursementKind.REFERRAL, [*COMMON, "referral_form"]),
    ],
)
def test_the_checklist_follows_the_kind_of_reimbursement(
    office: Office, kind: ReimbursementKind, expected: list[str]
) -> None:
    claim = manual(office, "D0006")
    assert missing_kinds(claim) == []
    registered(office, claim, kind)
    assert missing_kinds(claim) == expected
    document = attached(claim, kind=DocumentKind.INVOICE)
    attached(claim, pdf("other"), kind=DocumentKind.OTHER)
    assert missing_kinds(claim) == [each for each in expected if each != "invoice"]
    withdraw_document(document, actor=office.staff["clerk"], reason=REASON)
    assert missing_kinds(claim) == expected
