"""Whom rows are about, and in which regions they are: for any model, by its foreign keys."""

from collections import deque
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Model

from agency.scoping import ALL_REGIONS, region_path_of
from members.models import Member

# A line of a claim of a member, its settlement, the entry that it posted.
_FURTHEST = 3


@cache
def person_path(model: type[Model]) -> str:
    """The shortest way of foreign keys from a model to the member it is about, as a lookup; "" where there is none."""
    if model is Member:
        return "pk"
    ways: deque[tuple[type[Model], str]] = deque([(model, "")])
    while ways:
        here, path = ways.popleft()
        for field in here._meta.concrete_fields:
            if not field.is_relation or field.related_model is None:
                continue
            step = f"{path}__{field.name}" if path else field.name
            if field.related_model is Member:
                return step
            if step.count("__") < _FURTHEST - 1:
                ways.append((field.related_model, step))
    return ""


def about(rows: Sequence[Model]) -> tuple[list[int], int | None]:
    """The keys of the members whom rows of one model are about, in order, and the region if it is one for all.

    Takes one query where a row does not say it itself.
    """
    if not rows:
        return [], None
    model = type(rows[0])
    try:
        region = region_path_of(model).removesuffix("?")
    except LookupError:
        region = ALL_REGIONS
    paths = {"person": person_path(model), "region": "" if region == ALL_REGIONS else region}
    columns = _of_the_rows(rows, paths) or _of_the_database(model, rows, paths)
    regions = set(columns["region"])
    return sorted(set(columns["person"]) - {None}), regions.pop() if len(regions) == 1 else None


def _of_the_rows(rows: Sequence[Model], paths: dict[str, str]) -> dict[str, list[Any]]:
    """The keys by name; nothing where a way is longer than one step."""
    if any("__" in path for path in paths.values()):
        return {}

    def key(row: Model, path: str) -> Any:
        return getattr(row, row._meta.get_field(path).attname) if path != "pk" else row.pk  # type: ignore[union-attr]

    return {name: [key(row, path) for row in rows] if path else [] for name, path in paths.items()}


def _of_the_database(model: type[Model], rows: Sequence[Model], paths: dict[str, str]) -> dict[str, list[Any]]:
    wanted = [path for path in paths.values() if path]
    found = list(model._default_manager.filter(pk__in=[row.pk for row in rows]).values_list(*wanted))
    columns = dict(zip(wanted, zip(*found, strict=True), strict=True)) if found else {}
    return {name: list(columns.get(path, ())) for name, path in paths.items()}
