"""The way of a row: cells to values, checks, what the database has already, and the service that saves it."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from agency.exceptions import DomainError
from files.importing.cells import Column, TextCell
from files.importing.outcomes import Outcome, as_kept
from files.importing.reading import Sheet
from files.importing.regions import RegionCell, RegionColumn
from files.importing.row_set import ImportContext, RowSet
from files.models import RowOutcome

_LOOKUP_BATCH = 20_000


# Said of single rows here, and of many at once by a `RowSet`.
REPEATED = gettext_lazy("The same is said in line %(line)s already.")
RECORDED_OTHERWISE = gettext_lazy("Something else is recorded already. Correct it there, or correct the file.")
BRING_CORRECTIONS = gettext_lazy(
    "Something else is recorded already. Correct the file, or bring what is new as a file of the kind “%(kind)s”."
)
CHANGED_SINCE = gettext_lazy("What is recorded has changed since the preview. Look at the row again.")
RECORDED_MEANWHILE = gettext_lazy("Somebody else recorded this a moment ago. Import the file again.")


class Problem(NamedTuple):
    """What is wrong with a row, at one of its columns."""

    column: str
    reason: str | Promise


class _Doubted(ValidationError):
    """A row is right and unlikely, and nobody has said that it goes in."""

    def __init__(self, doubts: Iterable[tuple[str, str]]) -> None:
        reasons: dict[str, list[str]] = {}
        for column, reason in doubts:
            reasons.setdefault(column, []).append(reason)
        super().__init__(reasons)


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


class ServiceResource(Resource):
    """A kind of file whose rows are saved by a service.

    A subclass declares its columns, `label`, `permission` and `key` (the columns that tell rows apart), and implements
    `preload`, `recorded` and `save`; `problems` where columns have to fit each other, `doubts` where a value is
    possible and unlikely. `corrected` names the columns in which a file may say something else than what is recorded.
    `outcome` is what whoever imports should know of rows that are in, where that is not all. `row_set` carries files of
    any size as a whole; a kind with one needs the rest only to say what is right.
    """

    label: ClassVar[Promise]
    permission: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    corrected: ClassVar[frozenset[str]] = frozenset()
    outcome: ClassVar[str | Promise] = ""
    row_set: ClassVar[type[RowSet] | None] = None
    # By column the kind of file that corrects what is recorded there, for whoever brings something else.
    corrected_by: ClassVar[Mapping[str, Promise]] = {}
    # Whether a header may say that this is the kind; otherwise it has to be chosen.
    is_guessed: ClassVar[bool] = True
    # The model of what a file of the kind may be about as a whole, which a page can choose beforehand.
    about: ClassVar[str] = ""
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
        region = RegionColumn(self.fields["region"].label, RegionCell(context.region), in_header=False)
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
            yield Problem(self.key[0], REPEATED % {"line": self.line(first)})

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
        outcome.doubts = [(column, str(reason)) for column, reason in self.doubts(instance)]
        if outcome.doubts:
            outcome.kind = RowOutcome.DOUBTFUL
        if outcome.doubts and self.refuses_doubtful:
            raise _Doubted(outcome.doubts)
        self.check_expected(instance.number, outcome)
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
            raise ValidationError({name: [self._otherwise(name)] for name in differing})
        outcome.before = {name: recorded[name] for name in differing}
        outcome.kind = RowOutcome.CHANGED if differing else RowOutcome.UNCHANGED

    def _otherwise(self, name: str) -> str:
        """What is said at a column that the database has otherwise, with the way out."""
        kind = self.corrected_by.get(name)
        return str(RECORDED_OTHERWISE if kind is None else BRING_CORRECTIONS % {"kind": kind})

    def check_expected(self, number: int, outcome: Outcome) -> None:
        """ValidationError where the row does something else now than a preview said."""
        said = self.expected.get(number)
        if said is not None and (said.before, said.doubts) != (as_kept(outcome.before), outcome.doubts):
            raise ValidationError({self.where(): [CHANGED_SINCE]})

    def save_instance(self, instance: Values, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save through the service, whose own transaction takes back what a refused row began."""
        try:
            made = self.save(instance)
        except DomainError as error:
            raise self.said_by(error) from error
        except IntegrityError as error:
            raise ValidationError({self.where(): [RECORDED_MEANWHILE]}) from error
        if made is not None:
            self.outcomes[instance.number].made.append(made.pk)

    def said_by(self, error: DomainError) -> ValidationError:
        """What a service said, at the column that it names."""
        named = str(error.details.get("field", ""))
        return ValidationError({named if named in self.fields else self.where(): [str(error)]})

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        """Note what becomes of the row. Import-export collects whatever a row raises; a fault of the program must come
        out instead.
        """
        number = kwargs["row_number"]
        self.outcomes.setdefault(number, Outcome())
        result = super().import_row(row, instance_loader, **kwargs)
        for fault in result.errors:
            raise fault.error
        if result.validation_error is not None:
            self.refuse(number, result.validation_error)
        self.tell(number)
        return result

    def refuse(self, number: int, refusal: ValidationError) -> None:
        """Note why a row does not go in."""
        outcome, reasons = self.outcomes[number], refusal.message_dict.items()
        outcome.problems = [(column, reason) for column, those in reasons for reason in those]
        outcome.kind = RowOutcome.DOUBTFUL if isinstance(refusal, _Doubted) else RowOutcome.WRONG

    def handle_import_error(self, result: Any, error: Exception, raise_errors: bool = False) -> None:
        """The same for what is not about a row."""
        raise error
