"""What a column holds: an example, and in words what is accepted in its cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _

from agency.exporting.sheet import Cell, Kind
from files.importing.cells import (
    AmountCell,
    CodeCell,
    Column,
    DayCell,
    DivisionCell,
    FlagCell,
    FractionCell,
    MonthCell,
    NumberCell,
    TermCell,
    TextCell,
    TimeCell,
    YearCell,
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the cells of a kind accept, in the active language: a sentence, an example as one types it, and where there
    is a list of terms, the identifier of each by what it is called. `holds`: what a spreadsheet should take them for.
    """

    sentence: str
    example: str
    holds: Kind = Kind.TEXT
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    """A column in the active language. `example` is what a spreadsheet's cell holds."""

    name: str
    label: str
    need: str
    example: Cell
    accepted: Accepted


def explained(columns: Mapping[str, Column], examples: Mapping[str, str]) -> list[Explained]:
    """The columns of a kind of file. examples: cells by column, in place of those that their kind has."""
    return [_explained(name, column, examples.get(name)) for name, column in columns.items()]


def _explained(name: str, column: Column, example: str | None) -> Explained:
    if column.in_header:
        need = _("required") if column.empty is Column.NEEDED else _("required in the header; cells may be empty")
    else:
        need = _("may be left out")
    told: Accepted = accepted(column.widget)
    text = told.example if example is None else example
    return Explained(name, str(column.label), need, _cell(column, text, told.holds), told)


def _cell(column: Column, text: str, holds: Kind) -> Cell:
    """What a cell holds that says this: days as days, numbers as numbers, terms as their labels."""
    if not text:
        return ""
    value = column.clean({column.column_name: text})
    if holds is Kind.DAY and isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column.widget, TermCell):
        term = value.value if isinstance(value, Enum) else value
        return str(column.widget.labels.get(term, term))
    return text


@singledispatch
def accepted(widget: Any) -> Accepted:
    """What is accepted in cells of this kind."""
    return Accepted("", "")


@accepted.register
def _text(widget: TextCell) -> Accepted:
    return Accepted(_("Text of at most %(longest)s characters.") % {"longest": widget.longest}, "…")


@accepted.register
def _code(widget: CodeCell) -> Accepted:
    said = _("Digits and letters, at most %(longest)s; the cells are text, so that no zero is lost.")
    return Accepted(said % {"longest": widget.longest}, "0000123456")


@accepted.register
def _division(widget: DivisionCell) -> Accepted:
    return Accepted(_("The six digits of a division code, such as 310000."), "310000")


@accepted.register
def _number(widget: NumberCell) -> Accepted:
    if not widget.places:
        return Accepted(_("A whole number, such as 264."), "264", Kind.NUMBER)
    said = _("A number with at most %(places)s decimals.") % {"places": widget.places}
    return Accepted(said, "12.5", Kind.NUMBER)


@accepted.register
def _amount(widget: AmountCell) -> Accepted:
    zero = _("Yuan above zero, with at most two decimals, such as 1234.50.")
    return Accepted(
        zero if widget.above_zero else _("Yuan with at most two decimals, such as 1234.50."), "1234.50", Kind.YUAN
    )


@accepted.register
def _fraction(widget: FractionCell) -> Accepted:
    return Accepted(_("A share between 0 and 1, such as 0.1 or 10%."), "0.1", Kind.NUMBER)


@accepted.register
def _year(widget: YearCell) -> Accepted:
    return Accepted(_("A year in four digits, such as 2023."), "2023")


@accepted.register
def _day(widget: DayCell) -> Accepted:
    return Accepted(_("A day, such as 2024-03-01."), "2024-03-01", Kind.DAY)


@accepted.register
def _month(widget: MonthCell) -> Accepted:
    return Accepted(_("A month, such as 2024-03."), "2024-03")


@accepted.register
def _time(widget: TimeCell) -> Accepted:
    return Accepted(_("A time of day, such as 14:30."), "14:30")


@accepted.register
def _flag(widget: FlagCell) -> Accepted:
    yes, no = _("yes"), _("no")
    return Accepted(_("Yes or no."), yes, terms={yes: "1", no: "0"})


@accepted.register
def _term(widget: TermCell) -> Accepted:
    terms = {str(widget.labels.get(each, each)): each for each in widget.identifiers}
    return Accepted(
        _("One of the terms, its identifier, or its code of the national platform."), widget.identifiers[0], terms=terms
    )
