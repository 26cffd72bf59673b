"""Columns: how one thing about a row is called and written, in a list, among a page's fields, in a panel's table.

A page declares a column as an attribute and names it in `list_display` and `fieldsets`; a table takes it as it is:

    pooled_yuan = column.yuan("pooled")
    columns = (column.day("served_on").leading(), column.link("claim__member"), column.yuan("pooled"))

What it shows is given by the way to it from the row, its steps parted by "__" as in a lookup (empty for the row
itself), or by a function of the row. It is called like the model's field at the end of the way; a property and a
function need a label of their own. Nothing is shown as a dash.

    text                          words, names, a choice by its label; a person by name, since not everybody may open
                                  a colleague's page
    yuan, percent, number         an amount, a fraction, a count, in figures
    day, instant, month, days     a date, a moment, a month by its first day, a stored period
    badge, state                  a choice in its colour; the state of a process in the one that its table gives it
    yes_no, masked, serial, link  a truth in words; a personal number in part; a row by its number; a related row with
                                  the way to its page
    written, heading              as a function writes it; cells that the table brings written

`leading` makes any column the way to a page. What has to be worked out stays a method of the page under `display`, or
the function of a column.

A file that a list is written to takes the same columns by their plain values (`plain`): amounts, counts and days as
such, everything else in the words of the screen without their markup. `filed_as` gives a file another value where the
screen says more than the value alone; `filed_from` says what a function takes of the row, so that a file needs no row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agency import fields
from agency.admin import formats
from agency.admin.formats import NOTHING
from agency.admin.views import page_url
from agency.exporting.sheet import Cell, Kind, plain

Text = str | Promise
Source = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how a row's cell is written, whether it holds figures.

    source: the way to what it shows; the heading comes from there if none is given. kind: how a file shows it; of any
    kind but words it takes the value itself. write: how the value alone becomes words, where it takes no more than
    that. words: the cell before it became the way to a page.
    """

    heading: Text | None
    cell: Callable[[Any], Any]
    is_figure: bool = False
    source: Source = ""
    kind: Kind = Kind.TEXT
    write: Callable[[Any], Any] | None = None
    words: Callable[[Any], Any] | None = None
    # What a file writes a cell from, and how; a list of such columns is read without making an object of each row.
    lookups: tuple[str, ...] = ()
    composed: Callable[..., Any] | None = None
    # What Django's lists sort by where somebody clicks on the heading.
    admin_order_field: str | None = None

    # A template reads its parts; it would call whatever can be called.
    do_not_call_in_templates: ClassVar[bool] = True

    def on(self, model: type[Any]) -> "Column":
        """The column with its heading, on rows of a model. LookupError where neither gives one."""
        return self if self.heading is not None else replace(self, heading=_label(model, self.source))

    def value(self, row: Any) -> Any:
        """What the cell writes, as it is; None where there is nothing."""
        return _value(row, self.source)

    def plain(self, row: Any) -> Cell:
        """What a file takes of a row."""
        if self.kind is Kind.TEXT:
            return plain((self.words or self.cell)(row))
        value: Cell = self.value(row)
        return value

    def filed_as(self, kind: Kind, source: Source) -> "Column":
        """The same, of which a file takes what is at the end of this way."""
        return replace(self, kind=kind, source=source)

    def filed_from(self, composed: Callable[..., Any], *lookups: str) -> "Column":
        """The same, which a file writes from the values of these lookups."""
        return replace(self, composed=composed, lookups=lookups)

    def sorted_by(self, field: str) -> "Column":
        """The same, by which a list can be sorted."""
        return replace(self, admin_order_field=field)

    def leading(self, to: Source = "") -> "Column":
        """The same, as the way to the page of the row, or of what else is named; a dash where there is none."""

        def cell(row: Any) -> Any:
            target = _value(row, to)
            return NOTHING if target is None else formats.link(page_url(target), self.cell(row))

        return replace(self, cell=cell, words=self.words or self.cell)

    # --- What Django's lists and pages ask of an attribute ----------------------------------------------------------

    def __get__(self, page: Any, owner: type[Any] | None = None) -> "Column":
        return self if page is None else self.on(page.model)

    def __call__(self, row: Any) -> Any:
        return self.cell(row)

    @property
    def __name__(self) -> str:
        return self.source if isinstance(self.source, str) else self.source.__name__

    @property
    def short_description(self) -> Text | None:
        return self.heading


def written(
    write: Callable[[Any], Any],
    source: Source = "",
    heading: Text | None = None,
    *,
    is_figure: bool = False,
    kind: Kind = Kind.TEXT,
) -> Column:
    """What is at the end of the way, as a function writes it."""
    return Column(heading, lambda row: write(_value(row, source)), is_figure, source, kind, write)


def text(source: Source = "", heading: Text | None = None, *, is_figure: bool = False) -> Column:
    """is_figure: for numbers that are read as they stand, such as those of lines."""
    return Column(heading, lambda row: _words(row, source), is_figure, source)


def yuan(source: Source, heading: Text | None = None) -> Column:
    return written(formats.yuan, source, heading, is_figure=True, kind=Kind.YUAN)


def percent(source: Source, heading: Text | None = None) -> Column:
    return written(formats.percent, source, heading, is_figure=True, kind=Kind.PERCENT)


def number(source: Source, heading: Text | None = None) -> Column:
    return written(formats.number, source, heading, is_figure=True, kind=Kind.NUMBER)


def day(source: Source, heading: Text | None = None) -> Column:
    return written(formats.day, source, heading, kind=Kind.DAY)


def instant(source: Source, heading: Text | None = None) -> Column:
    return written(formats.instant, source, heading, kind=Kind.INSTANT)


def month(source: Source, heading: Text | None = None) -> Column:
    return written(formats.month, source, heading, kind=Kind.MONTH)


def days(source: Source, heading: Text | None = None) -> Column:
    return written(formats.days, source, heading)


def masked(source: Source, heading: Text | None = None) -> Column:
    return written(lambda whole: fields.masked(whole) if whole else NOTHING, source, heading)


def yes_no(source: Source, heading: Text | None = None) -> Column:
    return written(lambda holds: _("yes") if holds else _("no"), source, heading)


def badge(source: str, tones: Mapping[Any, str], heading: Text | None = None) -> Column:
    """tones: a colour (`formats.badge`) for each choice."""
    return Column(heading, lambda row: formats.badge(_words(row, source), tones[_value(row, source)]), source=source)


def state(heading: Text | None = None) -> Column:
    """Of something that four eyes approve."""
    return Column(
        heading, lambda row: formats.badge(row.get_state_display(), row.process.tones[row.state]), source="state"
    )


def serial(source: str = "", heading: Text | None = None) -> Column:
    """ "#12", the number under which a row is kept; called like its model unless it is named."""
    way = f"{source}{LOOKUP_SEP}pk" if source else "pk"
    return written(lambda pk: NOTHING if pk is None else f"#{pk}", way, heading)


def link(source: Source = "", heading: Text | None = None) -> Column:
    return text(source, heading).leading(source)


def heading(words: Text, *, is_figure: bool = False) -> Column:
    """Of a table that brings its cells written."""
    return Column(words, str, is_figure)


def _value(row: Any, source: Source) -> Any:
    """What is at the end of the way; None where it breaks off."""
    if callable(source):
        return source(row)
    for step in filter(None, source.split(LOOKUP_SEP)):
        if row is None:
            return None
        try:
            row = getattr(row, step)
        except ObjectDoesNotExist:
            return None
    return row


def _words(row: Any, source: Source) -> Any:
    """The same in words."""
    if callable(source):
        value = source(row)
    else:
        way, _sep, last = source.rpartition(LOOKUP_SEP)
        labelled = getattr(_value(row, way), f"get_{last}_display", None)
        value = _value(row, source) if labelled is None else labelled()
    return NOTHING if value is None or value == "" else value


def _label(model: type[Any], source: Source) -> Text:
    if callable(source):
        raise LookupError(f"a column of {model.__name__} that a function fills needs a heading")
    field: Any = None
    related: type[Model] = model
    for step in filter(None, source.split(LOOKUP_SEP)):
        if step == "pk":  # A row is called like what leads to it.
            break
        field = related._meta.get_field(step)
        related = field.related_model
    label: Text = model._meta.verbose_name if field is None else field.verbose_name
    return label
