"""What the person at the screen may do, and with the rows of which regions."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from agency.models import PoolingRegion
from agency.scoping import ALL_REGIONS, region_id_of, region_path_of, scoped

M = TypeVar("M", bound=models.Model)

_MEMORY = "_desk_permissions"
_REGIONS = "_desk_regions"


def may(user: Any, permission: str, thing: models.Model | None = None) -> bool:
    """Whether the person holds the permission: for the thing's region, or without a thing in any region.

    A page asks the same dozens of times; the answers live as long as the request's user object.
    """
    memory: dict[tuple[str, object], bool] = user.__dict__.setdefault(_MEMORY, {})
    region_id = region_id_of(thing) if thing is not None else None
    key = (permission, type(thing) if region_id is None else region_id)
    if key not in memory:
        memory[key] = bool(user.has_perm(permission, thing))
    return memory[key]


def permitted_regions(user: Any, permission: str) -> QuerySet[PoolingRegion]:
    """The regions in which the person holds the permission."""
    # Read once for a page, as the roles are: a home page asks about a dozen permissions.
    seen: list[PoolingRegion] | None = user.__dict__.get(_REGIONS)
    if seen is None:
        seen = user.__dict__[_REGIONS] = list(scoped(PoolingRegion.objects.all(), user))
    return PoolingRegion.objects.filter(pk__in=[region.pk for region in seen if may(user, permission, region)])


def permitted(queryset: "QuerySet[M]", user: Any, permission: str) -> "QuerySet[M]":
    """The rows of the queryset that lie in a region in which the person holds the permission."""
    path = region_path_of(queryset.model)
    if path == ALL_REGIONS:
        return scoped(queryset, user)
    return queryset.filter(**{f"{path.removesuffix('?')}__in": permitted_regions(user, permission)})
