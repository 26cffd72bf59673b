"""Which rows of which region a person may see: one mechanism for lists, forms, autocompletes, exports and jobs.

Every model of the house declares `region_path`, the lookup that leads from a row to its pooling region ("region",
"member__region", …), or `ALL_REGIONS` where a row belongs to the whole agency. Closed by default: a model that declares
nothing fails the system check `agency.E001`, and `scoped` refuses it.
"""

from collections import defaultdict
from collections.abc import KeysView
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet, Value

M = TypeVar("M", bound=models.Model)

ALL_REGIONS = "*"
_OR_EVERYWHERE = "?"
_HELD = "_regions_of_permissions"
_ROLES = "_roles_held"
# No region has this key: a group joined without a role opens screens, and no row.
_NOWHERE = 0


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


def region_ids_of(user: Any, permission: str) -> set[int] | None:
    """Ids of the regions in which the person holds the permission; None for all of them.

    Nobody anonymous holds any. A page asks dozens of times: the roles are read once for a request's user object.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return set()
    if user.is_superuser:
        return None
    regions = _regions_by_permission(user).get(permission, set())
    return None if None in regions else {pk for pk in regions if pk is not None}


def permissions_held(user: Any) -> KeysView[str]:
    """What an active person who is no superuser may do in some region, or at least open."""
    return _regions_by_permission(user).keys()


def roles_held(user: Any) -> set[str]:
    """The names of an active person's roles, in whichever regions."""
    _regions_by_permission(user)
    roles: set[str] = getattr(user, _ROLES)
    return roles


def _regions_by_permission(user: Any) -> dict[str, set[int | None]]:
    """What the person's roles permit, and where; None for all regions. One query, as every page begins with it."""
    # By its attributes: the dictionary of a request's user is that of the promise of one.
    known: dict[str, set[int | None]] | None = getattr(user, _HELD, None)
    if known is not None:
        return known
    held: dict[str, set[int | None]] = defaultdict(set)
    permission = ("content_type__app_label", "codename")
    of_group = [f"permissions__{column}" for column in permission]
    of_role = [f"group__{column}" for column in (*of_group, "name")]
    by_role = user.role_assignments.values_list("region_id", *of_role)
    by_group = user.groups.values_list(Value(_NOWHERE), *of_group, Value(""))
    to_the_person = user.user_permissions.values_list(Value(_NOWHERE), *permission, Value(""))
    roles: set[str] = set()
    for region_id, app_label, codename, role in by_role.union(by_group, to_the_person):
        held[f"{app_label}.{codename}"].add(region_id)
        roles.add(role)
    setattr(user, _HELD, held)
    setattr(user, _ROLES, roles)
    return held


def view_permission_of(model: type[models.Model]) -> str:
    """The permission to see a model's rows; a history is seen by whoever sees the rows it tracks."""
    opts = getattr(model, "instance_type", model)._meta
    return f"{opts.app_label}.view_{opts.model_name}"


def scoped(queryset: "QuerySet[M]", user: Any, permission: str = "") -> "QuerySet[M]":
    """The rows of the queryset in regions where the person holds the permission: to see them, unless another is named.

    What the person may do in one region with other rows, or with these in another, opens none of them. A row of the
    whole agency is open to whoever holds the permission in any region.
    """
    path = region_path_of(queryset.model)
    regions = region_ids_of(user, permission or view_permission_of(queryset.model))
    if regions is None:
        return queryset
    if path == ALL_REGIONS:
        return queryset if regions else queryset.none()
    return queryset.filter(**{f"{path.removesuffix(_OR_EVERYWHERE)}__in": regions})


def of_region(queryset: "QuerySet[M]", region: models.Model | None) -> "QuerySet[M]":
    """The rows of one region, with those that belong to the whole agency; all of them where none is chosen."""
    path = region_path_of(queryset.model)
    if region is None or path == ALL_REGIONS:
        return queryset
    narrowed = Q(**{path.removesuffix(_OR_EVERYWHERE): region.pk})
    if path.endswith(_OR_EVERYWHERE):
        narrowed |= Q(**{f"{path.removesuffix(_OR_EVERYWHERE)}__isnull": True})
    return queryset.filter(narrowed)


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
