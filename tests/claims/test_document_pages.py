"""Documents on a claim's page: uploaded, viewed by those who may, withdrawn; what is missing, what is suspect."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agency.services.file_checks import check_content
from claims.models import Claim, ClaimDocument, DocumentKind
from claims.selectors.books import CLAIM_CHECKS
from claims.services.documents import attach_document
from tests.builder.office import REASON, Office, manual, registered
from tests.builder.papers import archive, pdf, picture
from tests.builder.screens import button, text_of, visitor

pytestmark = pytest.mark.django_db

READERS = ("clerk", "supervisor", "policy_officer", "finance", "auditor", "root")


def a_document(claim: Claim, content: bytes = b"", name: str = "发票 1.pdf") -> ClaimDocument:
    """One that stands with the claim."""
    return attach_document(claim, kind=DocumentKind.INVOICE, content=BytesIO(content or pdf()), name=name, actor=None)


def address(document: ClaimDocument) -> str:
    return reverse("admin:claims_claim_document", args=[document.claim_id, document.pk])


def sent(content: bytes, name: str = "paper.pdf") -> dict[str, Any]:
    """What the upload form sends; the browser declares whatever it likes."""
    return {"kind": "invoice", "content": SimpleUploadedFile(name, content, content_type="application/pdf")}


def test_a_clerk_uploads_views_and_withdraws_a_document(office: Office) -> None:
    claim, clerk = office.objs["open_claim"], visitor(office.staff["clerk"])
    response = clerk.post(button("attach_document", claim), sent(pdf(), "发票 1.pdf"))
    assert response["Location"] == button("change", claim)
    document = ClaimDocument.objects.get(claim=claim)
    text = text_of(office.staff["clerk"], claim)
    withdraw = f"{button('withdraw_document', claim)}?document={document.pk}"
    for words in (address(document), "发票 1.pdf", withdraw, "invoice"):
        assert words in text

    form = clerk.get(withdraw)
    assert f'<option value="{document.pk}" selected' in form.content.decode()
    wrong = clerk.post(button("withdraw_document", claim), {"document": document.pk, "reason": ""})
    assert list(wrong.context["form"].errors) == ["reason"]
    clerk.post(button("withdraw_document", claim), {"document": document.pk, "reason": "of another visit"})
    text = text_of(office.staff["clerk"], claim)
    assert "clerk: of another visit" in text
    assert withdraw not in text
    assert clerk.get(address(document)).status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive(), "no PDF, JPEG or PNG"),
        (pdf()[:-20], "damaged"),
        (b"", "empty"),
        (pdf() + bytes(21 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_what_is_refused_is_said_on_the_form(office: Office, content: bytes, sentence: str) -> None:
    claim = office.objs["open_claim"]
    response = visitor(office.staff["clerk"]).post(button("attach_document", claim), sent(content))
    assert sentence in response.content.decode()
    assert not ClaimDocument.objects.filter(claim=claim).exists()


@pytest.mark.parametrize(
    ("content", "content_type", "sandbox"),
    [(pdf(), "application/pdf", False), (picture("JPEG"), "image/jpeg", True), (picture("PNG"), "image/png", True)],
)
def test_a_document_is_sent_as_what_it_is_and_runs_nothing(
    office: Office, content: bytes, content_type: str, sandbox: bool
) -> None:
    document = a_document(office.objs["open_claim"], content, name='病历"\n1.html')
    response = visitor(office.staff["auditor"]).get(address(document))
    # A picture was written anew.
    content = check_content(BytesIO(content)).content.read()
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]
    assert response["Content-Type"] == content_type
    assert response["Content-Length"] == str(len(content))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Content-Security-Policy"].endswith("; sandbox") == sandbox
    assert "private" in response["Cache-Control"]
    ending = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[content_type]
    assert response["Content-Disposition"] == "inline; filename*=utf-8''" + quote(f'病历"1.html{ending}')


@pytest.mark.parametrize("role", READERS)
def test_whoever_reads_claims_views_documents(office: Office, role: str) -> None:
    document = a_document(office.objs["open_claim"])
    assert visitor(office.staff[role]).get(address(document)).status_code == 200


@pytest.mark.parametrize("role", ["system_administrator", "clerk_away", "nobody"])
def test_nobody_else_learns_that_there_is_one(office: Office, role: str) -> None:
    claim = office.objs["open_claim"]
    document = a_document(claim)
    client = visitor(office.staff[role])
    assert client.get(address(document)).status_code == 404
    for name in ("attach_document", "withdraw_document"):
        response = client.post(button(name, claim), {**sent(pdf("more")), "document": document.pk, "reason": REASON})
        assert response.status_code in {302, 403}
    document.refresh_from_db()
    assert document.withdrawn_by is None
    assert ClaimDocument.objects.count() == 1


@pytest.mark.parametrize("role", ["supervisor", "finance", "auditor"])
def test_readers_change_nothing(office: Office, role: str) -> None:
    claim = office.objs["open_claim"]
    document = a_document(claim)
    client = visitor(office.staff[role])
    assert client.post(button("attach_document", claim), sent(pdf("more"))).status_code == 403
    withdrawn = client.post(button("withdraw_document", claim), {"document": document.pk, "reason": REASON})
    assert withdrawn.status_code == 403
    text = text_of(office.staff[role], claim)
    assert address(document) in text
    assert button("withdraw_document", claim) not in text


def test_a_document_is_viewed_and_withdrawn_below_its_own_claim_only(office: Office) -> None:
    claim, other = office.objs["open_claim"], office.objs["refused"]
    document = a_document(claim)
    clerk = visitor(office.staff["clerk"])
    assert clerk.get(reverse("admin:claims_claim_document", args=[other.pk, document.pk])).status_code == 404
    assert clerk.get(reverse("admin:claims_claim_document", args=[claim.pk, document.pk + 1])).status_code == 404
    response = clerk.post(button("withdraw_document", other), {"document": document.pk, "reason": REASON})
    assert list(response.context["form"].errors) == ["document"]


def test_a_file_lies_under_no_address(office: Office, client: Any) -> None:
    document = a_document(office.objs["open_claim"])
    assert client.get(address(document)).status_code == 302
    for path in (f"/{document.file.name}", f"/uploads/{document.file.name}", f"/static/{document.file.name}"):
        assert visitor(office.staff["root"]).get(path).status_code == 404


def test_the_page_has_the_checklist_and_what_is_suspect(office: Office) -> None:
    claim = manual(office, "D0001", invoice_number="F001")
    registered(office, claim)
    a_document(claim)
    a_document(office.objs["refused"])
    text = " ".join(text_of(office.staff["supervisor"], claim).split())
    panel = text[text.index('id="dataset-documents-group"') :]
    # Identity, itemised list, record and bank account are missing of the five.
    assert panel.count(">missing<") == 4
    assert panel.count(">there<") == 1
    for words in ("same file", "same invoice number of the same provider"):
        assert words in panel
    for found in (office.objs["refused"], office.objs["claim"]):
        assert button("change", found) in panel


def test_the_buttons_are_offered_while_papers_may_change(office: Office) -> None:
    clerk = office.staff["clerk"]
    open_claim = text_of(clerk, office.objs["open_claim"])
    assert button("attach_document", office.objs["open_claim"]) in open_claim
    assert button("withdraw_document", office.objs["open_claim"]) not in open_claim
    settled = text_of(clerk, office.objs["claim"])
    assert button("attach_document", office.objs["claim"]) not in settled


def test_an_exchanged_file_is_not_shown_and_the_books_name_it(office: Office) -> None:
    document = a_document(office.objs["open_claim"])
    name = str(document.file.name)
    reader = visitor(office.staff["supervisor"])
    assert reader.get(address(document)).status_code == 200
    (check,) = (each for each in CLAIM_CHECKS if each.name == "papers")
    looked_at, differing = exchanged(check, office)
    with document.file.storage.open(name, "r+b") as kept:
        kept.write(b"%PDF-1.7 another")
    answer = reader.get(address(document))
    assert answer.status_code == 409
    assert "This is not the file that was taken in" in answer.content.decode()
    assert exchanged(check, office) == (looked_at, sorted([*differing, document.pk]))
    document.file.storage.delete(name)
    answer = reader.get(address(document))
    assert answer.status_code == 409
    assert "no longer where it was kept" in answer.content.decode()
    assert document.pk in exchanged(check, office)[1]


def exchanged(check: Any, office: Office) -> tuple[int, list[int]]:
    """How many papers the books look at, and those that are not what was taken in."""
    looked_at, differing = check.look(office.here)
    return looked_at, sorted(each.pk for each in differing)
