"""What a version changes against the one it was copied from, or the one before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.formats import NOTHING
from policies.admin.figures import field_label, rule_name, spoken_fields, written
from policies.models import RULE_MODELS, PolicyVersion, RuleRow
from policies.selectors.books import Book, read_book


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one rule; or a whole rule that is new, or gone."""

    kind: str
    rule: str
    field: str
    before: str
    after: str


def book_of(version: PolicyVersion) -> Book:
    """All the version's rules, kind by kind, read once for a page."""
    book: Book | None = version.__dict__.get("_desk_book")
    if book is None:
        book = version.__dict__["_desk_book"] = read_book(version)
    return book


def differences(before: Book, after: Book) -> list[Difference]:
    """Every field in which two books differ, in the order of the kinds."""
    return [difference for model in RULE_MODELS for difference in _of_kind(before[model], after[model])]


def _key(row: RuleRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.key_fields)


def _of_kind(before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    old = {_key(row): row for row in before}
    new = {_key(row): row for row in after}
    for key in dict.fromkeys([*old, *new]):
        yield from _of_row(old.get(key), new.get(key))


def _of_row(old: RuleRow | None, new: RuleRow | None) -> Iterator[Difference]:
    row = new if new is not None else old
    if row is None:
        return
    kind, rule = str(row._meta.verbose_name), rule_name(row)
    if old is None or new is None:
        before, after = (_whole(each) if each is not None else NOTHING for each in (old, new))
        yield Difference(kind, rule, _("new rule") if old is None else _("rule dropped"), before, after)
        return
    for name in _compared(row):
        before, after = written(old, name), written(new, name)
        if before != after:
            yield Difference(kind, rule, field_label(row, name), before, after)
    if _document(old) != _document(new):
        yield Difference(kind, rule, field_label(row, "instrument"), _document(old), _document(new))


def _document(row: RuleRow) -> str:
    """The document that a row rests on: its own, or its version's."""
    return str(row.instrument or row.version.instrument)


def _compared(row: RuleRow) -> tuple[str, ...]:
    return (*spoken_fields(row), "article", "phrase", "reading")


def _whole(row: RuleRow) -> str:
    """A rule's figures and article in one line."""
    shown = [(field_label(row, name), written(row, name)) for name in spoken_fields(row)]
    figures = [f"{label}: {value}" for label, value in shown if value != NOTHING]
    return " · ".join([*figures, row.article])
