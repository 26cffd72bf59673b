"""From what a pack writes to the rows that are stored."""

from collections.abc import Iterator
from typing import Any

from django.db.models import PositiveSmallIntegerField

from policies.models import RuleRow
from policies.pack.schema import Cited, OfRow, Pack


def rows_of(pack: Pack, label: str, table: str) -> list[Any]:
    """The rows of one kind that hold in a version, as the pack writes them."""
    return [row for block in pack.rules if label in block.versions for row in getattr(block, table)]


def values_of(pack: Pack, label: str, model: type[RuleRow]) -> Iterator[dict[str, Any]]:
    """The same as stored: the fields of each row, one row for each value where the pack lists several.

    `document` is the number of the document that it rests on, where that is not the pack's own.
    """
    for written in rows_of(pack, label, model.in_packs.table):
        values = _values(model, written)
        name = model.in_packs.lists
        yield from [{**values, name: each} for each in values[name]] if name else [values]


def _values(model: type[RuleRow], written: Cited) -> dict[str, Any]:
    packs = model.in_packs
    values: dict[str, Any] = {name: getattr(written, name) for name in OfRow.model_fields}
    for field in model.fields_in_packs:
        value = getattr(written, packs.key(field.name))
        words = packs.words.get(field.name, {})
        if isinstance(value, str) and value in words:
            values |= {field.name: field.get_default(), **words[value]}
        elif isinstance(field, PositiveSmallIntegerField) and field.null and value == 0:
            # Packs write a year that there is not as 0.
            values[field.name] = None
        else:
            values[field.name] = value
    return values
