"""Papers of a claim as files: kept under random names where no address leads, read through a permission check."""

from pathlib import PurePath
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.content import ContentType
from agency.finality import kept


def random_name(document: "ClaimDocument", filename: str) -> str:
    """A name that says nothing; the suffix is that of the content, which the service has checked."""
    return f"claims/{uuid4().hex}{PurePath(filename).suffix.lower()}"


class DocumentKind(models.TextChoices):
    """A paper that belongs to a claim; a manual reimbursement needs most of them."""

    IDENTITY = "identity", _("identity or insurance certificate")
    INVOICE = "invoice", _("invoice")
    ITEMISED_LIST = "itemised_list", _("itemised list of expenses")
    RECORD = "record", _("prescription or medical record")
    BANK_ACCOUNT = "bank_account", _("bank account")
    EMERGENCY_CERTIFICATE = "emergency_certificate", _("certificate of the emergency")
    REFERRAL_FORM = "referral_form", _("referral or registration out of area")
    OTHER = "other", _("another paper")


class ClaimDocument(models.Model):
    """One file. Never changed; one uploaded by mistake is withdrawn with a reason and stays.

    `digest` is the SHA-256 of the content: the same file is found again on any claim of the region.
    """

    region_path: ClassVar[str] = "claim__region"

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="documents", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=32, choices=DocumentKind.choices)
    file = models.FileField(_("file"), upload_to=random_name, max_length=120)
    name = models.CharField(_("name of the file"), max_length=120)
    content_type = models.CharField(_("type"), max_length=32, choices=ContentType.choices)
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    uploaded_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "digest"],
                condition=Q(withdrawn_by__isnull=True),
                name="a_file_stands_once_with_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="a_document_is_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_document_is_not_empty"),
        ]
        triggers = kept(always=("withdrawn_by", "withdrawn_reason"), once={"OLD.withdrawn_by_id IS NOT NULL": ()})

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"
