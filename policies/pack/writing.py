"""From the rows that are stored to what a pack writes: the way of `policies.pack.rows` back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import tomli_w

from policies.models import RULE_MODELS, Instrument, PolicyVersion, RuleRow
from policies.models.fields import is_yuan
from policies.pack.schema import Cited


def pack_text(version: PolicyVersion) -> str:
    """A version as a pack of its own (TOML), which `parse_pack` reads and `draft_from_pack` takes.

    The same version is the same text, wherever it was loaded. Local figures, average pensions and the clauses' texts
    are no part of a version.
    """
    region, instrument = version.region, version.instrument
    articles = instrument.articles.order_by("position").values("number", "classification", "note")
    until = version.period.upper
    book = _rows_of(version)
    others = {row.instrument.number: row.instrument for rows in book.values() for row in rows if row.instrument_id}
    documents = [_document(others[number]) for number in sorted(others)]
    return tomli_w.dumps(
        {
            "region": {name: getattr(region, name) for name in ("slug", "name", "name_en", "admdvs")},
            "instrument": {
                "number": instrument.number,
                "title": instrument.title,
                "issued_on": instrument.issued_on,
                "text": region.slug,
                "articles": list(articles),
            },
            **({"documents": documents} if documents else {}),
            "version": [
                {
                    "label": version.label,
                    "since": version.period.lower,
                    "until": until - timedelta(days=1) if until else "open",
                    **_citation(version),
                }
            ],
            "rules": [{"versions": [version.label], **dict(tables_of(book))}],
        }
    )


def _citation(row: PolicyVersion | RuleRow) -> dict[str, str]:
    return {name: getattr(row, name) for name in Cited.model_fields}


def _document(instrument: Instrument) -> dict[str, Any]:
    return {name: getattr(instrument, name) for name in ("number", "title", "issued_on")}


def _rows_of(version: PolicyVersion) -> Mapping[type[RuleRow], Sequence[Any]]:
    return {
        model: list(model._default_manager.filter(version=version).select_related("instrument").order_by("pk"))
        for model in RULE_MODELS
    }


def tables_of(book: Mapping[type[RuleRow], Sequence[Any]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """The rows of a version by the names of their tables, as a pack writes them; without what has none."""
    for model, rows in book.items():
        if written := list(_joined(model.in_packs.lists, [_as_written(model, row) for row in rows])):
            yield model.in_packs.table, written


def _as_written(model: type[RuleRow], row: RuleRow) -> dict[str, Any]:
    packs = model.in_packs
    written = {}
    for field in model.fields_in_packs:
        value, words = getattr(row, field.name), packs.words.get(field.name, {})
        if field.name in packs.left_out and value == field.get_default():
            continue
        has_none = value == field.get_default() and not row.is_unset(field.name)
        written[packs.names.get(field.name, field.name)] = (
            next(iter(words)) if words and has_none else _value(field, value)
        )
    if row.instrument is not None:
        written["document"] = row.instrument.number
    return written | _citation(row)


def _value(field: Any, value: Any) -> Any:
    if value is None:
        # Packs write a year that there is not as 0, and a figure that other documents decide as a word.
        return "unset" if field.get_internal_type() == "DecimalField" else 0
    if isinstance(value, Decimal) and not is_yuan(field):
        # As many decimals as the figure has, and as people write a share: at least two.
        rounded = value.quantize(Decimal("0.01"))
        return rounded if rounded == value else value.normalize()
    return str(value) if isinstance(value, str) else value


def _joined(lists: str, rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Rows that follow each other and differ in the listed field alone are one row with a list."""
    if not lists:
        yield from rows
        return

    def rest(row: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        return lists in row, {name: value for name, value in row.items() if name != lists}

    for _rest, alike in groupby(rows, rest):
        first, *others = alike
        if lists not in first:
            yield from (first, *others)
            continue
        values = [first[lists], *(row[lists] for row in others)]
        yield {(f"{lists}s" if name == lists else name): values if name == lists else first[name] for name in first}
