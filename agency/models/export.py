"""What somebody took out of the lists as a file."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.fields import EncryptedTextField
from agency.finality import kept
from agency.scoping import region_or_everywhere


def random_file_name(export: "Export", filename: str) -> str:
    """A name that says nothing."""
    return f"exports/{uuid4().hex}"


class ExportForm(models.TextChoices):
    """What a spreadsheet opens."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Export(models.Model):
    """A list as a file: who took which rows, when, in which form. Kept for ever; the file itself is not.

    A short list is handed over at once. A long one is written by a job into `file`, which the person who asked fetches
    until `expires_at`; `rows` is unknown until it is written. `query` is the list's address with its filters and its
    search, which may be for an identity number. `region` is where all rows are; without one they may be anywhere.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, null=True, related_name="+", verbose_name=_("pooling region")
    )
    # The model whose list it is, and which of the list's sheets; "" for the list as the screen shows it. The monthly
    # reports are no model's list (`agency.services.exports.MONTHLY_REPORTS`).
    listed = models.CharField(_("list"), max_length=64)
    sheet = models.CharField(max_length=32, blank=True)
    form = models.CharField(_("form"), max_length=8, choices=ExportForm.choices)
    query = EncryptedTextField(blank=True, keeps_token=True)
    filters = models.CharField(_("filters"), max_length=300, blank=True)
    language = models.CharField(max_length=16, editable=False)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    asked_by = models.ForeignKey("agency.User", models.PROTECT, related_name="+", verbose_name=_("exported by"))
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    job = models.ForeignKey("agency.Job", models.PROTECT, null=True, related_name="+", verbose_name=_("job"))
    file = models.FileField(_("file"), upload_to=random_file_name, max_length=120, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-id",)
        permissions = [("view_export_of_colleagues", "Can see what colleagues exported")]
        indexes = [models.Index(fields=["expires_at"], condition=~models.Q(file=""), name="exports_that_expire")]
        triggers = kept(always=("file", "rows", "expires_at"))

    def __str__(self) -> str:
        return f"#{self.pk}"
