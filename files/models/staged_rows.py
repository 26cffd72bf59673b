"""The rows of a file while they are compared, and as long as they wait in a preview."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import QUEUED
from files.models.file_imports import FileImport, ImportedRow

_SHOWN = 3


class StagedRow(models.Model):
    """A row of a file of a kind whose rows are carried as a set, by its line. Of a large file those rows stay here that
    all do the same (`FileImport.staged_as`), until they go in; all others are kept as `ImportedRow`.

    `plain` is a line whose cells all have their columns' plain form, with commas between them; other rows have `cells`,
    or a `problem` at a `place`. The table is unlogged, and empty after a crash of the server: whoever takes rows from
    it counts them.
    """

    region_path: ClassVar[str] = "file_import__region"
    finality: ClassVar[Any] = QUEUED
    # Django makes no unlogged table, and none without a unique index, which would cost as much as the rows; the
    # migration says the same.
    made_by: ClassVar[str] = """
        CREATE UNLOGGED TABLE files_stagedrow (
            file_import_id bigint NOT NULL,
            line integer NOT NULL,
            plain text NOT NULL DEFAULT '',
            cells text[] NOT NULL DEFAULT '{}',
            problem text NOT NULL DEFAULT '',
            place text NOT NULL DEFAULT ''
        );
        CREATE INDEX staged_rows_of_an_import ON files_stagedrow USING brin (file_import_id, line);
    """

    pk = models.CompositePrimaryKey("file_import_id", "line")
    file_import = models.ForeignKey(FileImport, models.DO_NOTHING, db_constraint=False, related_name="staged")
    line = models.IntegerField(_("line"))
    plain = models.TextField(default="")
    cells = ArrayField(models.TextField(), default=list, verbose_name=_("cells"))
    problem = models.TextField(default="")
    place = models.TextField(default="")

    class Meta:
        verbose_name = _("staged row")
        verbose_name_plural = _("staged rows")
        managed = False
        db_table = "files_stagedrow"

    def __str__(self) -> str:
        return f"#{self.line}"

    def as_kept(self, names: Sequence[str], outcome: str) -> ImportedRow:
        """The row as those are that do something else; not saved. names: the columns of the file."""
        first = 1 if "region" in names else 0
        cells = self.plain.split(",") if self.plain else self.cells
        return ImportedRow(
            file_import_id=self.file_import_id,
            number=self.line,
            line=self.line,
            key=" · ".join([cell for cell in cells if cell][first : first + _SHOWN]),
            cells=cells,
            outcome=outcome,
        )
