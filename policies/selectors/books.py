"""All the rules of a version at once: twenty-four tables in one statement."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DecimalField

from policies.models import RULE_MODELS, Instrument, PolicyVersion, RuleRow

# A version's rules, kind by kind, each in the order in which they were written.
Book = Mapping[type[RuleRow], Sequence[Any]]

_OF_A_KIND = (
    "SELECT {place} AS kind, row.id, to_json(row)::text FROM {table} AS row WHERE row.version_id = ANY (%(ids)s)"
)
_ROWS = (
    " UNION ALL ".join(
        _OF_A_KIND.format(place=place, table=model._meta.db_table) for place, model in enumerate(RULE_MODELS)
    )
    + " ORDER BY kind, id"
)


def read_book(version: PolicyVersion) -> Book:
    """All the rules of a version."""
    return read_books(version)[0]


def read_books(*versions: PolicyVersion) -> list[Book]:
    """All the rules of some versions, each with its version and the document it rests on; a second query where some
    rest on other documents than their version.
    """
    books: dict[int, dict[type[RuleRow], list[Any]]] = {
        version.pk: {model: [] for model in RULE_MODELS} for version in versions
    }
    known = {version.pk: version for version in versions}
    elsewhere: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"ids": list(known)})
        for place, _pk, written in cursor.fetchall():
            row = _read(RULE_MODELS[place], json.loads(written, parse_float=Decimal))
            row.version = known[row.version_id]
            books[row.version_id][RULE_MODELS[place]].append(row)
            if row.instrument_id:
                elsewhere.append(row)
    if elsewhere:
        documents = Instrument.objects.in_bulk({row.instrument_id for row in elsewhere})
        for row in elsewhere:
            row.instrument = documents[row.instrument_id]
    return [books[version.pk] for version in versions]


def _read(model: type[RuleRow], columns: Mapping[str, Any]) -> Any:
    """A row as the ORM would read it; JSON has a decimal without a fraction as a whole number."""
    fields = model._meta.concrete_fields
    values = [columns[str(field.column)] for field in fields]
    for place, field in enumerate(fields):
        if isinstance(field, DecimalField) and values[place] is not None:
            values[place] = Decimal(values[place])
    return model.from_db(connection.alias, [field.attname for field in fields], values)
