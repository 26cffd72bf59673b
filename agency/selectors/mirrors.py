"""Whether a decided row is what its history says, which is sealed."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from agency.fields import EncryptedTextField
from agency.finality import Free, finality_of
from agency.models import PoolingRegion
from agency.selectors.chain import Fault
from agency.selectors.sealed import with_regions

_DIFFERING = """
SELECT kept.{key} FROM ({rows}) AS found JOIN {table} AS kept ON kept.{key} = found.id
LEFT JOIN (SELECT DISTINCT ON (id) * FROM {history} ORDER BY id, history_id DESC) AS told ON told.id = kept.{key}
WHERE found.region IS NOT DISTINCT FROM %s
    AND (told.id IS NULL OR told.history_type = '-' OR ({row}) IS DISTINCT FROM ({history_row}))
"""
_GONE = """
SELECT told.id FROM (SELECT DISTINCT ON (id) * FROM {history} ORDER BY id, history_id DESC) AS told
JOIN ({histories}) AS found ON found.id = told.history_id
WHERE found.region IS NOT DISTINCT FROM %s AND told.history_type <> '-'
    AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.{key} = told.id)
"""


def mirrored_models() -> list[Any]:
    """The tracked models of which something becomes final, and whose every change has a history row."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "history")
        and not isinstance(finality_of(model), Free)
        and getattr(model, "has_whole_history", True)
    ]


def count_of_mirrored(region: PoolingRegion | None) -> int:
    """How many rows there are of these models in a region."""
    count = 0
    for model in mirrored_models():
        rows, parameters = with_regions(model)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({rows}) AS rows WHERE region IS NOT DISTINCT FROM %s",  # noqa: S608
                [*parameters, region.pk if region else None],
            )
            count += cursor.fetchone()[0]
    return count


def rows_beside_their_history(region: PoolingRegion | None) -> Iterator[Fault]:
    """Rows that are not what their last history row says, that have none, and those that went without one."""
    quote, whose = connection.ops.quote_name, region.pk if region else None
    for model in mirrored_models():
        table, history = model._meta.db_table, model.history.model
        told = {field.column for field in history._meta.concrete_fields}
        columns = [
            quote(field.column)
            for field in model._meta.concrete_fields
            # A token is another each time, for the same text; payments are sealed themselves.
            if field.column in told and not isinstance(field, EncryptedTextField)
        ]
        rows, parameters = with_regions(model)
        histories, of_histories = with_regions(history)
        facts = {
            "table": quote(table),
            "key": quote(model._meta.pk.column),
            "history": quote(history._meta.db_table),
            "rows": rows,
            "histories": histories,
            "row": ", ".join(f"kept.{column}" for column in columns),
            "history_row": ", ".join(f"told.{column}" for column in columns),
        }
        with connection.cursor() as cursor:
            cursor.execute(_DIFFERING.format(**facts), [*parameters, whose])
            yield from (Fault("not as told", table, pk, None) for (pk,) in cursor.fetchall())
            cursor.execute(_GONE.format(**facts), [*of_histories, whose])
            yield from (Fault("deleted", table, pk, None) for (pk,) in cursor.fetchall())
