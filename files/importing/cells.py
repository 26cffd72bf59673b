"""From a cell's text to a value, or a sentence that says how the cell should be written.

No sentence repeats the text: a file whose columns are shifted has identity numbers anywhere.
"""

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
from files.importing import days
from files.importing.spelling import CellRefused, header_key, header_parts, key, read_code, read_number

# What clerks write for yes and no, in both languages of the screens.
FLAGS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y", "是", "√", "✓", "✔"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "n", "否", "×", "✗", "✘"), False),
}


class Column(Field):
    """A column of an import. `label` is its name on screens and, in each language, another name in a header.

    in_header: the header must have it. default: the value of an empty cell, and of a column that is left out; without a
    default an empty cell is refused.
    """

    NEEDED = object()

    def __init__(
        self,
        label: Promise,
        widget: Widget,
        *,
        in_header: bool = True,
        default: Any = NEEDED,
        headings: Sequence[str] = (),
        is_personal: bool = False,
    ) -> None:
        """Declared as a class attribute of a resource, whose name is the column's. headings: other names of it.
        is_personal: its cells are a person's numbers, which no list shows and the database keeps encrypted.
        """
        super().__init__(attribute="", widget=widget)
        self.headings = headings
        self.label = label
        self.in_header = in_header
        self.empty = default
        self.is_personal = is_personal

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
        """How a header may name the column, as `header_key` writes it: its identifier, its label in any language of the
        screens with or without its unit, or another heading.
        """
        labels = [self.column_name, *self.headings]
        for code, _name in settings.LANGUAGES:
            with override(code):
                labels.append(str(self.label))
        return {spelled for label in labels for spelled in (header_key(label), header_parts(label)[0])}


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


class CodeCell(TextCell):
    """A number or code of a person, a provider, a claim, an item: digits that a spreadsheet takes for a number."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The code as it was before."""
        return super().clean(read_code(value), row, **kwargs)


class DivisionCell(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        code = read_code(value)
        if not is_division(code):
            raise CellRefused(str(DIVISION_REFUSED))
        return code


class NumberCell(Widget):
    """A decimal number in any spelling that leaves no doubt."""

    is_money = False

    def __init__(self, *, digits: int, places: int, above_zero: bool = False, most: Decimal | None = None) -> None:
        """digits: before the point, at most. places: after it. above_zero: zero itself is refused. most: the largest
        value.
        """
        super().__init__()
        self.digits, self.places, self.above_zero, self.most = digits, places, above_zero, most

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Decimal:
        number = read_number(value, is_money=self.is_money)
        if number < 0:
            raise CellRefused(_("This must not be negative."))
        decimals = -int(number.as_tuple().exponent)
        if decimals > self.places and number != round(number, self.places):
            raise CellRefused(_("At most %(places)s decimals are allowed.") % {"places": self.places})
        if self.above_zero and not number:
            raise CellRefused(_("This must be more than zero."))
        if number >= 10**self.digits or (self.most is not None and number > self.most):
            raise CellRefused(_("This number is too large."))
        return abs(round(number, self.places) if decimals > self.places else number)


class AmountCell(NumberCell):
    """Yuan, with at most two decimals; 万元 are ten thousand."""

    is_money = True

    def __init__(self, *, above_zero: bool = False) -> None:
        """above_zero: an amount of zero is refused too."""
        super().__init__(digits=10, places=2, above_zero=above_zero)


class FractionCell(NumberCell):
    """A share between 0 and 1, with at most four decimals; 10% is 0.1."""

    def __init__(self) -> None:
        """The room that rates have in the database."""
        super().__init__(digits=1, places=4, most=Decimal(1))


class YearCell(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        """The year as a number."""
        return days.read_year(value)


class DayCell(Widget):
    """A day: 2023-03-01, 2023/3/1, 20230301, 2023年3月1日, a spreadsheet's serial number, a time behind it."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        """The day, if the calendar has it."""
        return days.read_day(value)


class MonthCell(Widget):
    """A month: 2023-03, 2023/3, 202303, 2023年3月, or its first day. Its value is the first day."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        return days.read_month(value)


class TimeCell(Widget):
    """A time of day: 14:30, 14:30:05 or 143005."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> time:
        """The time, if a day has it."""
        return days.read_time(value)


class FlagCell(Widget):
    """Yes or no: 1, true, yes, 是; 0, false, no, 否."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        flag = FLAGS.get(key(value))
        if flag is None:
            raise CellRefused(_("Write 1 for yes or 0 for no."))
        return flag


class TermCell(Widget):
    """One of a list of terms, as `parse` reads them; parse raises ValueError for others."""

    def __init__(
        self,
        parse: Callable[[str], Any],
        identifiers: Sequence[str],
        labels: Mapping[str, str | Promise] | None = None,
    ) -> None:
        """identifiers: the spellings that a refusal offers. labels: what they are called on screens."""
        super().__init__()
        self.parse = parse
        self.identifiers = identifiers
        self.labels = labels or {}
        self.known: dict[str, Any] = {}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """The term. Spellings are looked up once per file: there are few of them and many rows."""
        if value not in self.known:
            self.known[value] = self._found(value)
        return self.known[value]

    def _found(self, value: str) -> Any:
        code = key(value)
        # A spreadsheet makes 1 of the code 01.
        for spelled in (value, code, code.upper(), read_code(value), code.removesuffix(".0").zfill(2)):
            try:
                return self.parse(spelled)
            except ValueError:
                continue
        offered = {"terms": ", ".join(self.identifiers)}
        raise CellRefused(_("Write one of %(terms)s.") % offered)


def choice_cell(terms: type[TextChoices], codes: Mapping[str, TextChoices] | None = None) -> TermCell:
    """A cell that holds one of a model's choices by value, by label in either language, or by a national code."""

    def parse(text: str) -> TextChoices:
        spelled: dict[str, TextChoices] = dict(codes or {})
        for code, _name in settings.LANGUAGES:
            with override(code):
                spelled |= {spelling: term for term in terms for spelling in (str(term.label), key(str(term.label)))}
        spelled |= {str(term.value): term for term in terms}
        try:
            return spelled[text]
        except KeyError as error:
            raise ValueError(len(text)) from error

    return TermCell(parse, [str(value) for value in terms.values], {str(each.value): each.label for each in terms})
