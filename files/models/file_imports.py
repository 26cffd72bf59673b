"""Files that somebody brought in: read, compared with what is recorded, confirmed, and perhaps taken back."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import QUEUED, Free
from agency.models import Job


def random_file_name(file_import: "FileImport", filename: str) -> str:
    """A name that says nothing; what the person called the file is kept in `name`."""
    return f"file-imports/{uuid4().hex}"


class ImportState(models.TextChoices):
    """Matching: the header does not say which column is which, and a person has to. Reading: its rows are compared with
    what is recorded. Previewed: the person looks, and confirms or discards. Importing: its rows go in. Imported: they
    are in. Taken back: they were, and are no more. Refused: it could not be read. Discarded by the person, expired by
    the clock: nothing of it went in.
    """

    MATCHING = "matching", _("columns to be matched")
    READING = "reading", _("being read")
    PREVIEWED = "previewed", _("to be confirmed")
    IMPORTING = "importing", _("going in")
    IMPORTED = "imported", _("imported")
    TAKEN_BACK = "taken_back", _("taken back")
    REFUSED = "refused", _("not readable")
    DISCARDED = "discarded", _("discarded")
    EXPIRED = "expired", _("expired")


class RowOutcome(models.TextChoices):
    """What a row would do, or did: something new; another value for something recorded; nothing, because it is there
    exactly so; something that is possible but unlikely; nothing, because it is wrong.
    """

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    DOUBTFUL = "doubtful", _("doubtful")
    WRONG = "wrong", _("wrong")


class FileImport(models.Model):
    """One file of a kind for a region, and what became of it.

    `file` is the content until its rows are in or given up. `heading` has the line of the header, its cells and the
    columns they name. `counts` are rows by outcome. `job` is the latest step. `about` is the id of what the file
    answers, or what it became, of the model that its kind names.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = Free("how far a file is; what its rows made has histories")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    kind = models.CharField(_("kind of file"), max_length=64)
    name = models.CharField(_("name of the file"), max_length=200)
    file = models.FileField(_("file"), upload_to=random_file_name, max_length=120, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=ImportState.choices, default=ImportState.READING)
    heading = models.JSONField(_("header"), default=dict, editable=False)
    counts = models.JSONField(_("rows"), default=dict, editable=False)
    # What the rows do that are still staged.
    staged_as = models.CharField(max_length=10, choices=RowOutcome.choices, default=RowOutcome.NEW, editable=False)
    notes = models.JSONField(_("notes"), default=list, editable=False)
    only_good_rows = models.BooleanField(_("the good rows only"), default=False)
    with_doubtful = models.BooleanField(_("doubtful rows as well"), default=False)
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    about = models.PositiveBigIntegerField(null=True, editable=False)
    # In which the sentences about its rows are written: that of whoever brought it.
    language = models.CharField(max_length=16, editable=False)
    job = models.ForeignKey("agency.Job", models.PROTECT, null=True, related_name="+", verbose_name=_("job"))
    is_cancelled = models.BooleanField(default=False, editable=False)
    brought_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("brought by")
    )
    brought_at = models.DateTimeField(_("brought at"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    taken_back_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)
    taken_back_reason = models.CharField(_("why it was taken back"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("file import")
        verbose_name_plural = _("file imports")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_by__isnull=True) | ~Q(taken_back_reason=""),
                name="an_import_is_taken_back_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def step(self) -> Job:
        """The job of the latest step. LookupError before there was one: its columns are to be matched."""
        if self.job is None:
            raise LookupError(f"import {self.pk} has not begun")
        return self.job


class ImportedRow(models.Model):
    """A row of a file. `cells` are its cells by the file's columns, those of personal numbers encrypted; `key` tells it
    apart on screens.

    `problems` and `doubts` are pairs of a column and a sentence; `before` the recorded values that it changes, by
    column; `made` the ids of what it made, once it is in (`is_in`).
    """

    region_path: ClassVar[str] = "file_import__region"
    finality: ClassVar[Any] = QUEUED

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("number"))
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(_("about"), max_length=120, blank=True)
    cells = models.JSONField(_("cells"), default=list)
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome.choices)
    problems = models.JSONField(_("what is wrong"), default=list)
    doubts = models.JSONField(_("what is doubtful"), default=list)
    before = models.JSONField(_("recorded before"), default=dict, encoder=DjangoJSONEncoder)
    made = ArrayField(models.BigIntegerField(), default=list)
    is_in = models.BooleanField(_("in"), default=False)

    class Meta:
        verbose_name = _("row of a file")
        verbose_name_plural = _("rows of files")
        ordering = ("file_import", "number")
        constraints = [
            models.UniqueConstraint(fields=["file_import", "number"], name="rows_of_an_import_are_numbered"),
        ]
        indexes = [models.Index(fields=["file_import", "outcome", "number"], name="rows_of_an_import_by_outcome")]

    def __str__(self) -> str:
        return f"#{self.line}"


class KnownHeading(models.Model):
    """What a region's files call a column, as somebody matched it once; files with it are read without asking again."""

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = Free("how a region's files call a column")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.CASCADE, related_name="+", verbose_name=_("pooling region")
    )
    kind = models.CharField(_("kind of file"), max_length=64)
    heading = models.CharField(_("heading"), max_length=200)
    column = models.CharField(_("column"), max_length=64)

    class Meta:
        verbose_name = _("known heading")
        verbose_name_plural = _("known headings")
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "heading"], name="a_heading_names_one_column"),
        ]

    def __str__(self) -> str:
        return self.heading
