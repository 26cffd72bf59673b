"""From a cell's text to a value, or a sentence that says how the cell should be written.

No sentence repeats the text: a file whose columns are shifted has identity numbers anywhere.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.fields import Field
from import_export.widgets import Widget

from agency.divisions import DIVISION_REFUSED, is_division
from agency.models import PoolingRegion

_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?", re.ASCII)
_DAYS = tuple(
    re.compile(form, re.ASCII)
    for form in (r"(\d{4})-(\d{1,2})-(\d{1,2})", r"(\d{4})/(\d{1,2})/(\d{1,2})", r"(\d{4})(\d{2})(\d{2})")
)
_MONTHS = tuple(re.compile(form, re.ASCII) for form in (r"(\d{4})-(\d{1,2})", r"(\d{4})/(\d{1,2})", r"(\d{4})(\d{2})"))
_TIMES = tuple(re.compile(form, re.ASCII) for form in (r"(\d{1,2}):(\d{2})(?::(\d{2}))?", r"(\d{2})(\d{2})(\d{2})"))
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
# What clerks write for yes and no, in both languages of the screens.
FLAGS = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}


class CellRefused(ValueError):
    """A cell is not what its column holds; the text is a sentence for the clerk."""


class Column(Field):
    """A column of an import. `label` is its name on screens and, in each language, another name in a header.

    in_header: the header must have it. default: the value of an empty cell, and of a column that is left out; without a
    default an empty cell is refused.
    """

    NEEDED = object()

    def __init__(self, label: Promise, widget: Widget, *, in_header: bool = True, default: Any = NEEDED) -> None:
        """Declared as a class attribute of a resource, whose name is the column's."""
        super().__init__(attribute="", widget=widget)
        self.label = label
        self.in_header = in_header
        self.empty = default

    def __deepcopy__(self, memo: dict[int, Any]) -> "Column":
        """Columns never change, so that every resource may share them."""
        return self

    def clean(self, row: dict[str, str], **kwargs: Any) -> Any:
        """The cell's value. CellRefused where it is empty and must not be, or not written as its kind is."""
        text = row.get(self.column_name, "")
        if text:
            return self.widget.clean(text, row=row, **kwargs)
        if self.empty is Column.NEEDED:
            raise CellRefused(_("This must not be empty."))
        return self.empty

    def spellings(self) -> set[str]:
        """How a header may name the column: its identifier, or its label in any language of the screens."""
        found = {self.column_name}
        for code, _name in settings.LANGUAGES:
            with override(code):
                found.add(str(self.label).lower())
        return found


class TextCell(Widget):
    """Any text of at most so many characters."""

    def __init__(self, longest: int) -> None:
        """longest: the room in the database."""
        super().__init__()
        self.longest = longest

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The text as it is."""
        if len(value) > self.longest:
            raise CellRefused(_("This is longer than %(longest)s characters.") % {"longest": self.longest})
        return value


class DivisionCell(Widget):
    """An administrative division code."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The code as it is."""
        if not is_division(value):
            raise CellRefused(str(DIVISION_REFUSED))
        return value


class NumberCell(Widget):
    """A plain decimal number: no exponents, no thousands separators, no currency."""

    def __init__(self, *, digits: int, places: int, above_zero: bool = False, most: Decimal | None = None) -> None:
        """digits: before the point, at most. places: after it. above_zero: zero itself is refused. most: the largest
        value.
        """
        super().__init__()
        self.digits, self.places, self.above_zero, self.most = digits, places, above_zero, most

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Decimal:
        """The number, never rounded."""
        match = _NUMBER.fullmatch(value)
        if match is None:
            raise CellRefused(_("Write the number in digits, such as 1234.50."))
        sign, whole, fraction = match.groups()
        number = Decimal(value)
        if sign == "-" and number:
            raise CellRefused(_("This must not be negative."))
        if len(fraction or "") > self.places:
            raise CellRefused(_("At most %(places)s decimals are allowed.") % {"places": self.places})
        if self.above_zero and not number:
            raise CellRefused(_("This must be more than zero."))
        if len(whole.lstrip("0")) > self.digits or (self.most is not None and number > self.most):
            raise CellRefused(_("This number is too large."))
        return abs(number)


class AmountCell(NumberCell):
    """Yuan, with at most two decimals."""

    def __init__(self, *, above_zero: bool = False) -> None:
        """above_zero: an amount of zero is refused too."""
        super().__init__(digits=10, places=2, above_zero=above_zero)


class FractionCell(NumberCell):
    """A share between 0 and 1, with at most four decimals."""

    def __init__(self) -> None:
        """The room that rates have in the database."""
        super().__init__(digits=1, places=4, most=Decimal(1))


class YearCell(Widget):
    """A calendar year."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        """The year as a number."""
        if not re.fullmatch(r"\d{4}", value, re.ASCII) or not _FIRST_YEAR <= int(value) <= _LAST_YEAR:
            raise CellRefused(_("Write the year in four digits, such as 2023."))
        return int(value)


class DayCell(Widget):
    """A day: 2023-03-01, 2023/3/1 or 20230301."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        """The day, if the calendar has it."""
        match = next(filter(None, (form.fullmatch(value) for form in _DAYS)), None)
        if match is None:
            raise CellRefused(_("Write the day as 2023-03-01."))
        year, month, day = (int(part) for part in match.groups())
        return _day(year, month, day)


class MonthCell(Widget):
    """A month: 2023-03, 2023/3 or 202303. Its value is the first day."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        """The month's first day."""
        match = next(filter(None, (form.fullmatch(value) for form in _MONTHS)), None)
        if match is None:
            raise CellRefused(_("Write the month as 2023-03."))
        year, month = (int(part) for part in match.groups())
        return _day(year, month, 1)


def _day(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise CellRefused(_("The calendar has no such day."))
    return date(year, month, day)


class TimeCell(Widget):
    """A time of day: 14:30, 14:30:05 or 143005."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> time:
        """The time, if a day has it."""
        match = next(filter(None, (form.fullmatch(value) for form in _TIMES)), None)
        # A text of another form is refused as the 25th hour is.
        hour, minute, second = (int(part or 0) for part in match.groups()) if match else (24, 0, 0)
        try:
            return time(hour, minute, second)
        except ValueError as error:
            raise CellRefused(_("Write the time as 14:30.")) from error


class FlagCell(Widget):
    """Yes or no: 1, true, yes, 是; 0, false, no, 否."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        """True for yes."""
        if value.lower() not in FLAGS:
            raise CellRefused(_("Write 1 for yes or 0 for no."))
        return FLAGS[value.lower()]


class TermCell(Widget):
    """One of a list of terms, as `parse` reads them; parse raises ValueError for others."""

    def __init__(self, parse: Callable[[str], Any], identifiers: Sequence[str]) -> None:
        """identifiers: the spellings that a refusal offers."""
        super().__init__()
        self.parse = parse
        self.identifiers = identifiers
        self.known: dict[str, Any] = {}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """The term. Spellings are looked up once per file: there are few of them and many rows."""
        if value not in self.known:
            try:
                self.known[value] = self.parse(value)
            except ValueError as error:
                offered = {"terms": ", ".join(self.identifiers)}
                raise CellRefused(_("Write one of %(terms)s.") % offered) from error
        return self.known[value]


def choice_cell(terms: type[TextChoices], codes: Mapping[str, TextChoices] | None = None) -> TermCell:
    """A cell that holds one of a model's choices by value, by label in either language, or by a national code."""

    def parse(text: str) -> TextChoices:
        spelled: dict[str, TextChoices] = dict(codes or {})
        for code, _name in settings.LANGUAGES:
            with override(code):
                spelled |= {str(term.label): term for term in terms}
        spelled |= {str(term.value): term for term in terms}
        try:
            return spelled[text]
        except KeyError as error:
            raise ValueError(len(text)) from error

    return TermCell(parse, [str(value) for value in terms.values])


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
        """The chosen region."""
        region = self.spelled.get(value)
        if region is None:
            raise CellRefused(_("There is no such region."))
        if region != self.chosen:
            raise CellRefused(_("This row belongs to another region than the one chosen."))
        return self.chosen
