"""The rules of a draft as tables to type in. What tells the rows of a kind apart, its model says: where a kind of row
has one figure and a field that may hold for all (the status), its terms are the columns; the first other field makes
a table for each of its values; whatever is left names the lines. A kind with several figures has a column for each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, DecimalField
from django.utils.translation import gettext as _

from policies.admin.entering import NO, YES, shown
from policies.admin.figures import field_label, rule_name, spoken_fields, word_of
from policies.engine.vocabulary import ALL
from policies.models import RuleRow
from policies.models.fields import TermField, is_yuan

Key = tuple[Any, ...]
DROP = "drop"
NEW = "new"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field to type in. stored: what the draft has; was: what the version has that it is compared with."""

    name: str
    label: str
    text: str
    stored: str = ""
    was: str = ""
    where: str = ""
    kind: str = ""  # "share", "yuan", or plain text
    options: Sequence[tuple[str, Any]] = ()
    problem: str = ""

    @property
    def is_changed(self) -> bool:
        return self.text != self.was

    @property
    def was_said(self) -> Any:
        """What it was, in words."""
        return dict(self.options).get(self.was, self.was)


@dataclass(frozen=True, slots=True)
class Line:
    heading: str
    cells: Sequence[Cell]
    drop: Cell | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    name: str
    caption: str
    headings: Sequence[str]
    lines: Sequence[Line]
    is_unset: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent: texts and sentences about them, by the names of cells."""

    texts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def is_pivot(model: type[RuleRow]) -> bool:
    """Whether rows have one figure, so that an empty cell is no row at all."""
    names = spoken_fields(model)
    return len(names) == 1 and isinstance(model._meta.get_field(names[0]), DecimalField)


def across(model: type[RuleRow]) -> str:
    """The field whose terms are the columns; empty where the figures are."""
    if not is_pivot(model):
        return ""
    return next((name for name in model.unique_fields if getattr(_term(model, name), "with_all", False)), "")


def apart_by(model: type[RuleRow]) -> str:
    """The field that makes a table for each of its values; empty where all rows are one table."""
    others = [name for name in model.unique_fields if name != across(model)]
    return others[0] if len(others) > 1 else ""


def cell_name(model: type[RuleRow], key: Key, name: str) -> str:
    """What a field of a rule is called among all that a page sends."""
    return f"{model._meta.model_name}:{'~'.join(map(str, key))}:{name}"


def key_of(row: RuleRow) -> Key:
    return tuple(getattr(row, name) for name in row.unique_fields)


def _term(model: type[RuleRow], name: str) -> TermField | None:
    found = model._meta.get_field(name)
    return found if isinstance(found, TermField) else None


def _order(model: type[RuleRow], name: str, value: Any) -> Any:
    """Terms in the order of the vocabulary, "all" before them; numbers as such."""
    term = _term(model, name)
    return [pair[0] for pair in term.choices or ()].index(value) if term else value


class Tables:
    """All tables of one kind of rule: those of the draft beside those of the version it is compared with."""

    def __init__(self, model: type[RuleRow], rows: Iterable[Any], base: Iterable[Any], typed: Typed) -> None:
        self.model, self.typed = model, typed
        self.rows: dict[Key, Any] = {key_of(row): row for row in rows}
        self.base: dict[Key, Any] = {key_of(row): row for row in base}
        self.names = spoken_fields(model)
        self.across, self.apart_by = across(model), apart_by(model)

    def grids(self) -> list[Grid]:
        """Those with figures first; of a benefit that is wholly unset the page shows one line."""
        keys = [*self.rows, *(key for key in self.base if key not in self.rows)]
        tables = sorted({self._at(key, self.apart_by) for key in keys}, key=self._apart_order)
        grids = [self._grid(value, [key for key in keys if self._at(key, self.apart_by) == value]) for value in tables]
        return sorted(grids, key=lambda grid: grid.is_unset)

    def _at(self, key: Key, name: str) -> Any:
        return key[self.model.unique_fields.index(name)] if name else None

    def _apart_order(self, value: Any) -> Any:
        return _order(self.model, self.apart_by, value) if self.apart_by else 0

    def _grid(self, apart: Any, keys: list[Key]) -> Grid:
        words = [str(self.model._meta.verbose_name_plural)]
        if self.apart_by:
            words.append(self._said(self.apart_by, apart))
        caption = " · ".join(words)
        rows = [self.rows[key] for key in keys if key in self.rows]
        headings = [field_label(self.model, name) for name in self.names]
        if self.across:
            headings = [_("all insured") if value == ALL else self._said(self.across, value) for value in self._columns]
        return Grid(
            name=f"{self.model._meta.model_name}-{apart or ALL}",
            caption=caption,
            headings=headings,
            lines=[self._line(caption, key) for key in self._lines(apart, keys)],
            is_unset=is_pivot(self.model) and bool(rows) and all(self._is_unset(row) for row in rows),
        )

    def _is_unset(self, row: RuleRow) -> bool:
        return getattr(row, self.names[0]) is None and not word_of(row, self.names[0])

    @property
    def _columns(self) -> list[str]:
        return [pair[0] for pair in getattr(self.model._meta.get_field(self.across), "choices", ())]

    def _lines(self, apart: Any, keys: list[Key]) -> list[Key]:
        """A key for each line, in which the columns' field holds for all."""
        names = self.model.unique_fields
        found = {self._across_all(key) for key in keys}
        left = [name for name in names if name not in (self.across, self.apart_by)]
        terms = [name for name in left if not self._has_default(name)]
        if is_pivot(self.model) and len(terms) == 1 and _term(self.model, terms[0]) and self.apart_by:
            pattern = {self.across: ALL, self.apart_by: apart}
            fields: list[Any] = [self.model._meta.get_field(name) for name in left if name != terms[0]]
            pattern |= {each.name: each.get_default() for each in fields}
            for value, _said in _term(self.model, terms[0]).choices or ():  # type: ignore[union-attr]
                found.add(tuple({**pattern, terms[0]: value}[name] for name in names))
        return sorted(found, key=lambda key: [_order(self.model, n, k) for n, k in zip(names, key, strict=True)])

    def _across_all(self, key: Key) -> Key:
        pairs = zip(self.model.unique_fields, key, strict=True)
        return tuple(ALL if name == self.across else value for name, value in pairs)

    def _has_default(self, name: str) -> bool:
        return bool(self.model._meta.get_field(name).has_default())  # type: ignore[union-attr]

    def _line(self, caption: str, line: Key) -> Line:
        names = self.model.unique_fields
        heading = self._heading(line)
        if self.across:
            place = names.index(self.across)
            keys = {value: (*line[:place], value, *line[place + 1 :]) for value in self._columns}
            cells = [
                self._cell(keys[value], self.names[0], f"{caption} · {heading} · {self._said(self.across, value)}")
                for value in self._columns
            ]
            return Line(heading, cells)
        whole = f"{caption} · {heading}"
        cells = [self._cell(line, name, f"{whole} · {field_label(self.model, name)}") for name in self.names]
        drop = None
        if not is_pivot(self.model) and line in self.rows:
            drop = Cell(cell_name(self.model, line, DROP), _("Drop %(rule)s") % {"rule": heading}, "")
        return Line(heading, cells, drop)

    def _heading(self, line: Key) -> str:
        names = self.model.unique_fields
        if not is_pivot(self.model):
            row = self.rows.get(line) or self.base[line]
            return rule_name(row)
        said = [
            self._said(name, value)
            for name, value in zip(names, line, strict=True)
            if name not in (self.across, self.apart_by) and not self._is_default(name, value) and value != ALL
        ]
        return " · ".join(said) or _("all")

    def _is_default(self, name: str, value: Any) -> bool:
        return self._has_default(name) and value == self.model._meta.get_field(name).get_default()  # type: ignore[union-attr]

    def _said(self, name: str, value: Any) -> str:
        """A value of a key field in words."""
        found: Any = self.model._meta.get_field(name)
        if found.choices:
            return str(dict(found.choices)[value])
        if name in self.model.in_packs.apart:
            return self.model(**{name: value}).in_words(name)
        return f"{found.verbose_name} {value}"

    def _cell(self, key: Key, name: str, label: str) -> Cell:
        row, former = self.rows.get(key), self.base.get(key)
        called = cell_name(self.model, key, name)
        stored = shown(row, name) if row else ""
        found: Any = self.model._meta.get_field(name)
        return Cell(
            name=called,
            label=label,
            text=self.typed.texts.get(called, stored),
            stored=stored,
            was=shown(former, name) if former else "",
            where=f"{row.article} · “{row.phrase}”" if row else "",
            kind=_kind(found),
            options=_options(found),
            problem=self.typed.problems.get(called, ""),
        )

    def blank(self) -> list[Cell]:
        """The fields of a rule that is not there yet."""
        return list(self._blank())

    def _blank(self) -> Iterator[Cell]:
        for name in (*self.model.key_fields, *self.names):
            found: Any = self.model._meta.get_field(name)
            called = f"{NEW}:{self.model._meta.model_name}:{name}"
            yield Cell(
                name=called,
                label=str(found.verbose_name),
                text=self.typed.texts.get(called, ""),
                kind=_kind(found),
                options=[("", _("Choose…")), *options] if (options := _options(found)) else (),
                problem=self.typed.problems.get(called, ""),
            )


def _kind(found: Any) -> str:
    if isinstance(found, DecimalField):
        return "yuan" if is_yuan(found) else "share"
    return ""


def _options(found: Any) -> Sequence[tuple[str, Any]]:
    if isinstance(found, BooleanField):
        return [(YES, _("yes")), (NO, _("no"))]
    return [*found.choices] if found.choices else ()
