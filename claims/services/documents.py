"""Papers of a claim as files: attached, or withdrawn with a reason. What another person decides on does not change."""

from pathlib import PurePath
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.content import ContentType
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.file_checks import check_content
from claims.models import Claim, ClaimDocument, ClaimState, DocumentKind
from claims.rooms_above import rooms_above

OPEN_STATES = (ClaimState.REGISTERED, ClaimState.REFUSED)
NAME_LENGTH = 120
_SUFFIXES = {
    ContentType.PDF: (".pdf",),
    ContentType.JPEG: (".jpg", ".jpeg"),
    ContentType.PNG: (".png",),
}


def attach_document(
    claim: Claim, *, kind: DocumentKind, content: IO[bytes], name: str, actor: User | None
) -> ClaimDocument:
    """Keep a file with a claim: PDF, JPEG or PNG of at most 20 MB, under a random name that no address leads to.

    name: the file's own name, shown to people only. DomainError for content that is not accepted, and for a file that
    stands with the claim already; MoveNotAllowed once the claim is settled or its reimbursement was submitted.
    """
    checked = check_content(content)
    with transaction.atomic():
        open_claim = _open_claim(claim)
        if ClaimDocument.objects.filter(claim=open_claim, digest=checked.digest, withdrawn_by__isnull=True).exists():
            raise DomainError(_("This file stands with the claim already."), field="content")
        document = ClaimDocument(
            claim=open_claim,
            kind=kind,
            name=_shown_name(name, checked.content_type),
            content_type=checked.content_type,
            size=checked.size,
            digest=checked.digest,
            uploaded_by=actor,
        )
        document.file.save(f"file{_SUFFIXES[checked.content_type][0]}", File(checked.content), save=False)
        try:
            document.save()
        except BaseException:
            # Without its row nobody would ever find the file again.
            document.file.delete(save=False)
            raise
    return document


@transaction.atomic
def withdraw_document(document: ClaimDocument, *, actor: User, reason: str) -> ClaimDocument:
    """Mark a file as not belonging to its claim; it stays where it is, with the reason.

    DomainError without a reason; MoveNotAllowed for one that was withdrawn before, once the claim is settled, or once
    its reimbursement was submitted.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for this decision."))
    _open_claim(document.claim)
    document = ClaimDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    if document.withdrawn_by_id is not None:
        raise MoveNotAllowed(_("This document was withdrawn already."))
    document.withdrawn_by = actor
    document.withdrawn_reason = reason.strip()[:200]
    document.save(update_fields=["withdrawn_by", "withdrawn_reason"])
    return document


def _open_claim(claim: Claim) -> Claim:
    """The claim, locked; MoveNotAllowed where its papers are what a decision rests on."""
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if claim.state not in OPEN_STATES:
        raise MoveNotAllowed(_("This claim is settled or reversed already; its documents stay as they are."))
    if is_submitted(claim):
        raise MoveNotAllowed(
            _("The reimbursement was submitted with its documents. Have it returned before you change them.")
        )
    return claim


def is_submitted(claim: Claim) -> bool:
    """From submission on the papers are what somebody else sees and decides on, so that they stay as they are."""
    return any(room.keeps_papers(claim) for room in rooms_above())


def _shown_name(name: str, content_type: ContentType) -> str:
    """The file's name without folders and without signs that do not print, with an ending that fits its content."""
    last = PurePath(name.replace("\\", "/")).name
    printed = "".join(sign for sign in last if sign.isprintable()).strip()
    suffix = PurePath(printed).suffix
    if suffix.lower() not in _SUFFIXES[content_type]:
        suffix = _SUFFIXES[content_type][0]
    stem = printed.removesuffix(suffix) or "document"
    return f"{stem[: NAME_LENGTH - len(suffix)]}{suffix}"
