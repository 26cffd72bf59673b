"""The way of a row: cells to values, checks, what the database has already, and the service that saves it."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult
from import_export.widgets import Widget

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from files.importing.cells import Column, TextCell
from files.importing.outcomes import Outcome, as_kept
from files.importing.reading import Sheet
from files.importing.spelling import CellRefused, read_code
from files.models import RowOutcome

_LOOKUP_BATCH = 20_000


@dataclass(frozen=True)
class ImportContext:
    """Who imports what for whom: the region chosen, the person (None: a command), the day, the reason kept in the
    history.
    """

    region: PoolingRegion
    actor: User | None
    today: date
    reason: str


class Problem(NamedTuple):
    """What is wrong with a row, at one of its columns."""

    column: str
    reason: str | Promise


class Values(dict[str, Any]):
    """A row's values by column, and the number of the row among the sheet's rows, from 1."""

    number: int = 0

    def __str__(self) -> str:
        """Nothing: import-export keeps this text, and it must not hold anybody's data."""
        return ""


def fetch(queryset: "models.QuerySet[Any]", lookup: str, values: Iterable[Any]) -> Iterator[Any]:
    """The rows whose `lookup` is one of the values, in as many queries as databases like, not one per value."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _LOOKUP_BATCH):
        yield from queryset.filter(**{f"{lookup}__in": wanted[start : start + _LOOKUP_BATCH]})


class RegionCell(Widget):
    """The pooling region, by slug, administrative division code or name; it must be the one that the clerk chose."""

    def __init__(self, chosen: PoolingRegion) -> None:
        """chosen: the region whose rows are imported."""
        super().__init__()
        self.spelled = {
            spelling: region
            for region in PoolingRegion.objects.all()
            for spelling in (region.slug, region.admdvs, region.name, region.name_en)
        }
        self.chosen = chosen

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> PoolingRegion:
        region = self.spelled.get(value) or self.spelled.get(read_code(value))
        if region is None:
            raise CellRefused(_("There is no such region."))
        if region != self.chosen:
            raise CellRefused(_("This row belongs to another region than the one chosen."))
        return self.chosen


class _RegionColumn(Column):
    """The region of a row. Where a file has no such column, all of it is for the region chosen."""

    def clean(self, row: dict[str, str], **kwargs: Any) -> Any:
        return super().clean(row, **kwargs) if self.column_name in row else self.widget.chosen


class ServiceResource(Resource):
    """A kind of file whose rows are saved by a service.

    A subclass declares its columns, `label`, `permission` and `key` (the columns that tell rows apart), and implements
    `preload`, `recorded` and `save`; `problems` where columns have to fit each other, `doubts` where a value is
    possible and unlikely. `corrected` names the columns in which a file may say something else than what is recorded.
    `outcome` is what whoever imports should know of rows that are in, where that is not all.
    """

    label: ClassVar[Promise]
    permission: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    corrected: ClassVar[frozenset[str]] = frozenset()
    outcome: ClassVar[str | Promise] = ""
    # What stands in the row that a template begins with, where the kind of cell alone says too little.
    examples: ClassVar[Mapping[str, str]] = {}

    region = Column(gettext_lazy("pooling region"), TextCell(64), in_header=False)

    class Meta:
        instance_loader_class = BaseInstanceLoader
        force_init_instance = True
        using_db = DEFAULT_DB_ALIAS
        # A difference as HTML costs more than everything else, and nobody sees it.
        skip_diff = True
        report_skipped = False

    def __init__(self, context: ImportContext) -> None:
        """context: what all rows of the file have in common."""
        super().__init__()
        self.context = context
        region = _RegionColumn(self.fields["region"].label, RegionCell(context.region), in_header=False)
        region.column_name = "region"
        self.fields["region"] = region
        self.seen: dict[Hashable, int] = {}
        self.sheet = Sheet([])
        # By the number of the row: what became of it, and what a preview said would. Then whom to tell how far it is.
        self.outcomes: dict[int, Outcome] = {}
        self.expected: Mapping[int, Outcome] = {}
        self.refuses_doubtful = False
        self.tell: Callable[[int], None] = lambda number: None

    # --- What a subclass says ---------------------------------------------------------------------

    def preload(self, sheet: Sheet) -> None:
        """Fetch what the rows refer to, for the whole file at once."""

    def problems(self, values: Values) -> Iterator[Problem]:
        """What is wrong with a row whose cells are right each by itself."""
        yield from ()

    def doubts(self, values: Values) -> Iterator[Problem]:
        """What a person should look at twice before a right row goes in."""
        yield from ()

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """What the database has under this row's key, by column; None where the row is new.

        A column that is left out of the answer may differ from the row.
        """
        raise NotImplementedError

    def save(self, values: Values) -> "models.Model | None":
        """Call the service; returns the row that it made. A DomainError whose details name a `field` is reported at
        that column.
        """
        raise NotImplementedError

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Undo what a row did: remove the row with the id `made`, or give it back the values of `before`. values: of
        the row, as it went in.

        DomainError with the sentence that says what stands on it.
        """
        raise DomainError(gettext_lazy("Files of this kind cannot be taken back. Correct what is wrong by hand."))

    def check_unchanged(self, values: Values, now: Mapping[str, Any]) -> None:
        """DomainError unless what is recorded `now` is what the row said when it went in."""
        if any(values[name] != value for name, value in now.items()):
            raise DomainError(gettext_lazy("It was corrected since. Correct it there once more."))

    # --- Columns ----------------------------------------------------------------------------------

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, in the order of a file, the region first."""
        return dict(cls.fields)

    # --- What import-export calls -----------------------------------------------------------------

    def before_import(self, dataset: Sheet, **kwargs: Any) -> None:
        """Keep the sheet, and let the subclass fetch what it refers to."""
        self.sheet = dataset
        self.preload(dataset)

    def init_instance(self, row: Any = None) -> Values:
        """A row becomes a dict of values, not a model instance: services make those."""
        return Values()

    def import_instance(self, instance: Values, row: Mapping[str, str], **kwargs: Any) -> None:
        """Fill in the values. ValidationError with every problem by column."""
        instance.number = kwargs["row_number"]
        parsed = self.parse(instance, row)
        if parsed:
            raise ValidationError(parsed)

    def parse(self, values: Values, row: Mapping[str, str]) -> dict[str, list[str]]:
        """Read the cells into the values, then check the row as a whole. Returns the reasons by column, none if it is
        right.
        """
        errors: dict[str, list[str]] = {}
        for name, column in self.fields.items():
            try:
                values[name] = column.clean(row)
            except ValueError as error:
                errors.setdefault(name, []).append(str(error))
        if not errors:
            for column_name, reason in (*self.repeated(values), *self.problems(values)):
                errors.setdefault(column_name, []).append(str(reason))
        return errors

    def repeated(self, values: Values) -> Iterator[Problem]:
        """A problem where an earlier row of the file has the same key."""
        key = tuple(values[name] for name in self.key)
        first = self.seen.setdefault(key, values.number)
        if first != values.number:
            yield Problem(self.key[0], _("The same is said in line %(line)s already.") % {"line": self.line(first)})

    def line(self, number: int) -> int:
        """The line of the file in which a row begins, by the row's number."""
        return self.sheet.lines[number - 1]

    def where(self) -> str:
        """The column at which to report what concerns a row as a whole: the first of its key that the file has."""
        given = self.sheet.headers or ()
        return next((name for name in self.key if name in given), self.key[0])

    def skip_row(
        self, instance: Values, original: Any, row: Any, import_validation_errors: Mapping[str, Any] | None = None
    ) -> bool:
        """Whether the database has the row already, exactly so. ValidationError where it has it otherwise."""
        if import_validation_errors:
            return False
        outcome = self.outcomes[instance.number]
        self.compare(instance, outcome)
        if outcome.kind == RowOutcome.UNCHANGED:
            return True
        self.check_expected(instance.number, outcome)
        outcome.doubts = [(column, str(reason)) for column, reason in self.doubts(instance)]
        if outcome.doubts and self.refuses_doubtful:
            raise ValidationError({column: [reason] for column, reason in outcome.doubts})
        if outcome.doubts:
            outcome.kind = RowOutcome.DOUBTFUL
        return False

    def compare(self, values: Values, outcome: Outcome) -> None:
        """Note whether the row is new, changes something or nothing. ValidationError at every column of the file that
        the database has otherwise and that a file may not correct.
        """
        recorded = self.recorded(values)
        if recorded is None:
            return
        given = set(self.sheet.headers or ())
        differing = [name for name, value in recorded.items() if name in given and values[name] != value]
        if not self.corrected.issuperset(differing):
            reason = _("Something else is recorded already. Correct it there, or correct the file.")
            raise ValidationError({name: [reason] for name in differing})
        outcome.before = {name: recorded[name] for name in differing}
        outcome.kind = RowOutcome.CHANGED if differing else RowOutcome.UNCHANGED

    def check_expected(self, number: int, outcome: Outcome) -> None:
        """ValidationError where the row does something else now than a preview said."""
        said = self.expected.get(number)
        if said is not None and (bool(said.before), said.before) != (bool(outcome.before), as_kept(outcome.before)):
            reason = _("What is recorded has changed since the preview. Look at the row again.")
            raise ValidationError({self.where(): [reason]})

    def save_instance(self, instance: Values, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save through the service, whose own transaction takes back what a refused row began."""
        try:
            made = self.save(instance)
        except DomainError as error:
            named = str(error.details.get("field", ""))
            raise ValidationError({named if named in self.fields else self.where(): [str(error)]}) from error
        except IntegrityError as error:
            reason = _("Somebody else recorded this a moment ago. Import the file again.")
            raise ValidationError({self.where(): [reason]}) from error
        if made is not None:
            self.outcomes[instance.number].made.append(made.pk)

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        """Note what becomes of the row. Import-export collects whatever a row raises; a fault of the program must come
        out instead.
        """
        number = kwargs["row_number"]
        outcome = self.outcomes.setdefault(number, Outcome())
        result = super().import_row(row, instance_loader, **kwargs)
        for fault in result.errors:
            raise fault.error
        if result.validation_error is not None:
            reasons = result.validation_error.message_dict.items()
            outcome.kind = RowOutcome.DOUBTFUL if outcome.doubts else RowOutcome.WRONG
            outcome.problems = [(column, reason) for column, those in reasons for reason in those]
        self.tell(number)
        return result

    def handle_import_error(self, result: Any, error: Exception, raise_errors: bool = False) -> None:
        """The same for what is not about a row."""
        raise error
