"""A list as a table for a file: the rows that its filters and its search leave, in its columns and its order.

Rows are read a few at a time, so that a million of them take no more memory than a page. Where every column is a field
at the end of its way, no row becomes an object: only the columns' own values travel. A related row is then written by
the fields that its model names:

    named_by = ("name", "member_number")      fields, also of related rows
    named = staticmethod(…)                    what they are written as, which `__str__` calls; without it the field

A column that a function fills says what it takes of the row (`Column.filed_from`). A list with one that does not, or
with a related row whose model names nothing, is read row by row, without what is encrypted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.column import Column
from agency.admin.permissions import may
from agency.exporting.sheet import Cell, Heading, Kind, Sheet, plain
from agency.fields import EncryptedTextField

FETCHED = 2_000
# Codes, regions and books come again and again; members do not, and would only push them out.
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A list's rows in another form, such as under the names of the national platform; a button of its own.

    `headings` are those of the file. `rows` reads it from the rows that the list's filters leave, for a person who
    holds the permission.
    """

    name: str
    title: column.Text
    permission: str
    headings: Sequence[Heading]
    rows: Callable[[QuerySet[Any]], Iterator[Sequence[Cell]]]


def asked_for(page: Any, user: Any, query: str, name: str) -> ChangeList:
    """The list as the person's browser would get it with this query string; name: the sheet that is wanted of it.

    PermissionDenied for who may not see the list, or not have the sheet; Django's IncorrectLookupParameters for values
    that no filter takes.
    """
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(query)
    request.user = user
    sheet = sheet_named(page, name)
    if not page.has_view_permission(request) or (sheet and not may(user, sheet.permission)):
        raise PermissionDenied
    listed: ChangeList = page.get_changelist_instance(request)
    return listed


def sheet_named(page: Any, name: str) -> ListSheet | None:
    """The sheet of a page; None for the list itself, which has no name. LookupError for a name without a sheet."""
    if not name:
        return None
    sheets: Sequence[ListSheet] = page.sheets
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    raise LookupError(f"the list of {page.opts.label} has no sheet {name[:50]!r}")


def sheet_of(page: Any, listed: ChangeList, name: str) -> Sheet:
    """The list as a table, or the sheet of its that is called so."""
    title = str(page.opts.verbose_name_plural)
    sheet = sheet_named(page, name)
    if sheet is not None:
        return Sheet(f"{title} · {sheet.title}", sheet.headings, sheet.rows(listed.queryset))
    columns = columns_of(page, listed.list_display)
    headings = [Heading(capfirst(str(each.heading)), each.kind) for each in columns]
    return Sheet(title, headings, _rows(listed.queryset, columns))


# --- Columns --------------------------------------------------------------------------------------------------------


def columns_of(page: Any, names: Sequence[Any]) -> list[Column]:
    """A list's columns, be they declared, methods of the page, or fields of the model."""
    return [_column(page, name) for name in names if name != "action_checkbox"]


def _column(page: Any, name: Any) -> Column:
    """A field of the model comes before what the page calls by the same name, as in Django's lists."""
    heading: Any = label_for_field(name, page.model, page)
    if name == "__str__":
        return column.text("", heading)
    if not callable(name) and any(field.name == name for field in page.opts.concrete_fields):
        return _of_field(page.opts.get_field(name), heading)
    filled: Any = name if callable(name) else getattr(page, name)
    if isinstance(filled, Column):
        return filled
    return column.yes_no(filled, heading) if getattr(filled, "boolean", False) else column.text(filled, heading)


def _of_field(field: Any, heading: Any) -> Column:
    """A field as Django's lists write it."""
    if isinstance(field, models.BooleanField):
        return column.yes_no(field.name, heading)
    if isinstance(field, models.DateTimeField):
        return column.instant(field.name, heading)
    if isinstance(field, models.DateField):
        return column.day(field.name, heading)
    return column.text(field.name, heading)


# --- Rows -----------------------------------------------------------------------------------------------------------


def _rows(rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[Sequence[Cell]]:
    flat = [_flat(rows, each) for each in columns]
    if all(flat):
        return _read_flat(rows, [each for each in flat if each])
    return ([each.plain(row) for each in columns] for row in _readable(rows).iterator(chunk_size=FETCHED))


def _readable(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without the numbers of people, which no list shows and which take longer to decrypt than all else to read."""
    selected = rows.query.select_related
    return rows.defer(*_encrypted(rows.model, selected if isinstance(selected, dict) else {}, ""))


def _encrypted(model: type[Any], related: dict[str, Any], way: str) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, EncryptedTextField):
            yield f"{way}{field.name}"
    for name, further in related.items():
        to = model._meta.get_field(name).related_model
        yield from _encrypted(to, further, f"{way}{name}{LOOKUP_SEP}")


@dataclass(frozen=True, slots=True)
class _Flat:
    """The lookups that a column needs, and what becomes of their values; None where it is the value itself."""

    lookups: tuple[str, ...]
    write: Callable[[Any], Cell] | None


def _read_flat(rows: QuerySet[Any], flat: Sequence[_Flat]) -> Iterator[Sequence[Cell]]:
    lookups: list[str] = []
    cells: list[tuple[Callable[[Any], Any], Callable[[Any], Cell] | None]] = []
    for each in flat:
        places = range(len(lookups), len(lookups) + len(each.lookups))
        cells.append((itemgetter(*places), each.write))
        lookups += each.lookups
    values = rows.prefetch_related(None).values_list(*lookups).iterator(chunk_size=FETCHED)
    return ([write(get(row)) if write else get(row) for get, write in cells] for row in values)


def _flat(rows: QuerySet[Any], each: Column) -> _Flat | None:
    """How a column is read without its row; None where it needs the row."""
    model = rows.model
    if each.composed is not None:
        return _composed(model, each.composed, each.lookups)
    if callable(each.source):
        return None
    if each.source in rows.query.annotations and each.kind is not Kind.TEXT:
        return _Flat((each.source,), None)
    try:
        field, related = _end(model, each.source)
    except FieldDoesNotExist:
        return None
    write = each.write
    if field is not None and not field.is_relation:
        if each.kind is not Kind.TEXT:
            return _Flat((each.source,), None)
        return _Flat(
            (each.source,), _remembered(_worded(field) if write is None else lambda value: plain(write(value)))
        )
    if write is not None:
        return None
    return _named(related, f"{each.source}{LOOKUP_SEP}" if each.source else "")


def _composed(model: type[Any], write: Callable[..., Any], lookups: tuple[str, ...]) -> _Flat:
    """How a column is read that a function writes from several values, or from one."""
    compose: Callable[[Any], Cell]
    if len(lookups) == 1:

        def compose(value: Any) -> Cell:
            return plain(write(value))

    else:

        def compose(values: Any) -> Cell:
            return plain(write(*values))

    # What JSON holds cannot be looked up among what was written.
    return _Flat(lookups, compose if any(_is_json(model, each) for each in lookups) else _remembered(compose))


def _is_json(model: type[Any], lookup: str) -> bool:
    try:
        field, _related = _end(model, lookup)
    except FieldDoesNotExist:
        return False
    return isinstance(field, models.JSONField)


def _end(model: type[Any], source: str) -> tuple[Any, type[Any]]:
    """The field at the end of a way, and the model there; no field for the row itself. FieldDoesNotExist for a property
    on the way, and for rows that are many.
    """
    field: Any = None
    for step in filter(None, source.split(LOOKUP_SEP)):
        field = model._meta.pk if step == "pk" else model._meta.get_field(step)
        if field.is_relation and not field.concrete:
            raise FieldDoesNotExist(step)
        model = field.related_model or model
    return field, model


def _named(model: type[Any], way: str) -> _Flat | None:
    names: Sequence[str] = getattr(model, "named_by", ())
    if not names:
        return None
    write: Callable[..., str] = getattr(model, "named", str)
    # The id says whether there is a row at all.
    lookups = (f"{way}pk", *(f"{way}{name}" for name in names))
    return _Flat(lookups, _remembered(lambda values: None if values[0] is None else write(*values[1:])))


def _worded(field: Any) -> Callable[[Any], Cell]:
    labels = dict(field.flatchoices or ())
    return lambda value: plain(labels.get(value, value))


def _remembered(write: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    return lru_cache(maxsize=_REMEMBERED)(write)


def filters_in_words(listed: ChangeList) -> str:
    """The filters of a list as its page shows them. What was searched for may be a personal number, and is not said."""
    words, known = [], {ALL_VAR, ORDER_VAR, SEARCH_VAR}
    for spec in listed.filter_specs:
        known.update(filter(None, spec.expected_parameters()))
        # The first choice is all of them.
        chosen = [str(each["display"]) for each in list(spec.choices(listed))[1:] if each.get("selected")]
        if chosen:
            words.append(f"{capfirst(spec.title)}: {', '.join(chosen)}")
    words += [f"{name}={value}" for name, value in sorted(listed.params.items()) if name not in known]
    return " · ".join([*words, *([_("Search")] if listed.query else [])])
