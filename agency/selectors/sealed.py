"""Which rows are sealed, how a row is written down for it, and which belong to which region."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import Cast

from agency.finality import sealed_columns
from agency.models import Seal
from agency.scoping import ALL_REGIONS, region_path_of

# What is written down does not hang on who asks.
CANONICAL = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex'"


def sealed_models() -> dict[str, type[models.Model]]:
    """The models whose rows are sealed, by table: what is written once, and what stays as it was submitted."""
    found = {}
    for model in apps.get_models():
        if model is not Seal and not isinstance(model._meta.pk, models.CompositePrimaryKey) and sealed_columns(model):
            found[model._meta.db_table] = model
    return found


def digest_of(columns: Sequence[str], table: str) -> str:
    """SQL of a row's digest: SHA-256 over the named columns, as PostgreSQL writes a row down."""
    quote = connection.ops.quote_name
    row = ", ".join(f"{table}.{quote(column)}" for column in columns)
    return f"sha256(convert_to(ROW({row})::text, 'UTF8'))"


def with_regions(model: Any, rows: QuerySet[Any] | None = None) -> tuple[str, tuple[Any, ...]]:
    """SQL that selects the `id` and the `region` of rows that may be sealed; one of the whole agency has no region."""
    chosen = (model._base_manager.all() if rows is None else rows).order_by()
    if once := getattr(model, "sealed_once", None):
        chosen = chosen.filter(**once)
    path = region_path_of(model)
    region: Any = (
        Cast(models.Value(None), models.BigIntegerField()) if path == ALL_REGIONS else models.F(path.rstrip("?"))
    )
    found = chosen.values_list(models.F(model._meta.pk.name), region)
    compiled, parameters = found.query.get_compiler("default").as_sql()
    return f"SELECT * FROM ({compiled}) AS found (id, region)", parameters  # noqa: S608  # As Django wrote it.


def seal_of(facts: dict[str, Any]) -> str:
    """SHA-256, hexadecimal, over what a seal says, the seal before it among that."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def facts_of(seal: Seal, slug: str) -> dict[str, Any]:
    """What is sealed of a seal's own row; slug: of its region."""
    return {
        "region": slug,
        "number": seal.number,
        "table": seal.table,
        "columns": list(seal.columns),
        "rows": hashlib.sha256(json.dumps(list(seal.ids)).encode() + bytes(seal.marks)).hexdigest(),
        "content": seal.content,
        "previous": seal.previous,
        "sealed_at": seal.sealed_at.isoformat(),
    }


def last_seals() -> list[Seal]:
    """The newest seal of each chain."""
    newest = Seal.objects.order_by("region_id", "-number").distinct("region_id")
    return list(newest.select_related("region").defer("ids", "marks"))
