"""Files of direct settlements (联网结算) from a provider or the platform, and what became of each record."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import Free, kept


def random_file_name(file: "SettledFile", filename: str) -> str:
    """A name that says nothing; what the sender called the file is kept in `name`."""
    return f"settled-files/{uuid4().hex}.csv"


class SettledFile(models.Model):
    """One file, kept as it came. The same content is taken once in a region.

    `job` says how far its records are. Its records are settled in `chunks` of whole members, so that workers beside
    each other never share one.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("name",)

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    name = models.CharField(_("name of the file"), max_length=120)
    file = models.FileField(_("file"), upload_to=random_file_name, max_length=120)
    digest = models.CharField(max_length=64, editable=False)
    job = models.OneToOneField("agency.Job", models.PROTECT, related_name="settled_file", verbose_name=_("job"))
    settled_on = models.DateField(_("settled on"))
    uploaded_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of direct settlements")
        verbose_name_plural = _("files of direct settlements")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["region", "digest"], name="a_file_of_settlements_is_taken_once"),
        ]
        triggers = kept(always=())

    def __str__(self) -> str:
        return self.name


class SettledChunk(models.Model):
    """Records of a file that one worker takes at once: whole members. Done once, in one transaction."""

    region_path: ClassVar[str] = "file__region"
    finality: ClassVar[Any] = Free("which part of a file is settled; its records say how")

    file = models.ForeignKey(SettledFile, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="parts_of_a_file_are_numbered")]

    def __str__(self) -> str:
        return f"{self.file} #{self.number}"


class RecordState(models.TextChoices):
    """Waiting for a worker; wrong: never registered, for the reasons it keeps; known: recorded before with this number,
    and compared with it where no other record was; registered: the rules in force do not decide it; settled or refused
    by us as we calculate.
    """

    WAITING = "waiting", _("not settled yet")
    WRONG = "wrong", _("wrong")
    KNOWN = "known", _("recorded before")
    REGISTERED = "registered", _("registered")
    SETTLED = "settled", _("settled")
    REFUSED = "refused", _("refused")


class SettledRecord(models.Model):
    """One settlement of the file as the provider reports it, and ours beside it.

    `rows` are its lines as they stand in the file, by national field name; `problems` what is wrong with them, a
    line number, a column and a sentence each. `differs` says that our calculation is not the provider's; somebody then
    reviews it and says what they found.
    """

    region_path: ClassVar[str] = "file__region"

    file = models.ForeignKey(SettledFile, models.CASCADE, related_name="records", verbose_name=_("file"))
    chunk = models.ForeignKey(SettledChunk, models.CASCADE, null=True, related_name="records")
    line = models.PositiveIntegerField(_("line"))
    claim_number = models.CharField(_("claim number"), max_length=64)
    member_number = models.CharField(_("member number"), max_length=32)
    rows = models.JSONField(default=list)
    problems = models.JSONField(_("problems"), default=list)
    state = models.CharField(
        _("state"), max_length=16, choices=RecordState.choices, default=RecordState.WAITING, editable=False
    )
    claim = models.OneToOneField(
        "claims.Claim", models.PROTECT, null=True, related_name="settled_record", verbose_name=_("claim")
    )
    differs = models.BooleanField(_("differs"), default=False)
    reviewed_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    finding = models.CharField(_("what was found"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("settled record")
        verbose_name_plural = _("settled records")
        ordering = ("file_id", "line")
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="a_record_begins_on_its_own_line"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, finding="")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, differs=True) & ~Q(finding=""),
                name="a_difference_is_reviewed_with_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "settled", "refused"], claim__isnull=False)
                | Q(state__in=["waiting", "wrong"], claim__isnull=True)
                | Q(state="known"),
                name="a_record_that_was_taken_has_its_claim",
            ),
        ]
        indexes = [
            models.Index(fields=["file"], condition=Q(differs=True), name="differences_of_a_file"),
            models.Index(
                fields=["state", "-file", "line"], condition=~Q(state="settled"), name="records_not_settled_by_state"
            ),
            models.Index(fields=["claim_number"], name="settled_records_by_claim"),
            models.Index(fields=["member_number"], name="settled_records_by_member"),
        ]
        triggers = kept(
            always=("chunk", "state", "problems", "claim", "differs", "reviewed_by", "reviewed_at", "finding")
        )

    def __str__(self) -> str:
        return self.claim_number
