"""Which rows of which region a person may see: one mechanism for lists, forms, autocompletes, exports and jobs.

Every model of the house declares `region_path`, the lookup that leads from a row to its pooling region ("region",
"member__region", …), or `ALL_REGIONS` where a row belongs to the whole agency. Closed by default: a model that declares
nothing fails the system check `agency.E001`, and `scoped` refuses it.
"""

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

M = TypeVar("M", bound=models.Model)

ALL_REGIONS = "*"
_OR_EVERYWHERE = "?"


def region_or_everywhere(path: str) -> str:
    """A path whose rows may also have no region; those are seen by people who work in all regions only."""
    return path + _OR_EVERYWHERE


def region_path_of(model: type[models.Model]) -> str:
    """The declared path of a model; a history row has the path of the row it tracks. LookupError if undeclared."""
    declared = getattr(model, "region_path", None)
    if declared is None and (tracked := getattr(model, "instance_type", None)) is not None:
        declared = getattr(tracked, "region_path", None)
        if declared == "pk":
            declared = tracked._meta.pk.name
    if not isinstance(declared, str):
        raise LookupError(f"{model._meta.label} does not declare region_path")
    return declared


def region_ids_of(user: Any) -> set[int] | None:
    """Ids of the regions where the person holds any role; None for all of them. Nobody anonymous sees anything."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return set()
    if user.is_superuser:
        return None
    cached: set[int | None] | None = getattr(user, "_role_region_ids", None)
    if cached is None:
        cached = set(user.role_assignments.values_list("region_id", flat=True))
        user._role_region_ids = cached
    return None if None in cached else {pk for pk in cached if pk is not None}


def scoped(queryset: "QuerySet[M]", user: Any) -> "QuerySet[M]":
    """The rows of the queryset that belong to a region where the person works."""
    path = region_path_of(queryset.model)
    regions = region_ids_of(user)
    if path == ALL_REGIONS:
        return queryset if regions is None or regions else queryset.none()
    if regions is None:
        return queryset
    return queryset.filter(Q(**{f"{path.removesuffix(_OR_EVERYWHERE)}__in": regions}))


def region_id_of(instance: models.Model) -> int | None:
    """The region a row belongs to; None where it belongs to the whole agency."""
    path = region_path_of(type(instance))
    if path == ALL_REGIONS:
        return None
    value: Any = instance
    for part in path.removesuffix(_OR_EVERYWHERE).split("__"):
        value = getattr(value, part)
        if value is None:
            return None
    return value.pk if isinstance(value, models.Model) else value
