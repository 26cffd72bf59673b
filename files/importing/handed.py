"""Kinds of file that a service takes as a whole, and goes on with by itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, ClassVar, NamedTuple

from django.db import models
from django.utils.functional import Promise

from files.importing.cells import Column
from files.importing.row_set import ImportContext
from files.importing.table import Table
from files.models import RowOutcome


class JudgedRow(NamedTuple):
    """A row of a file: its line, its cells (none where it is no row), what it would do, why it would do nothing."""

    line: int
    cells: Sequence[str]
    outcome: RowOutcome
    problems: Sequence[tuple[str, str]] = ()


class HandedFile:
    """A kind of file of any size that is handed to a service once its preview is confirmed, wrong rows as well: the
    service passes them over and says so where it keeps the file, which is of the model `about`.

    The other names are those of `ServiceResource`; `outcome` is told with the preview as well.
    """

    label: ClassVar[Promise]
    permission: ClassVar[str]
    about: ClassVar[str]
    outcome: ClassVar[str | Promise] = ""
    is_guessed: ClassVar[bool] = True
    corrected: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[Mapping[str, str]] = {}
    row_set: ClassVar[None] = None

    def __init__(self, context: ImportContext) -> None:
        """context: what all rows of the file have in common."""
        self.context = context

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, in the order of a file."""
        raise NotImplementedError

    def check(self, digest: str) -> None:
        """FileRefused where the content with this digest cannot be taken at all."""

    def judged(self, table: Table) -> Iterator[JudgedRow]:
        """Every row of the file with what the service would do with it."""
        raise NotImplementedError

    def hand_over(self, content: IO[bytes], name: str) -> models.Model:
        """Have the service take the file; returns where it is kept. DomainError where it does not."""
        raise NotImplementedError
