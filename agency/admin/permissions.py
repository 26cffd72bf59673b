"""What the person at the screen may do, and in which regions."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from agency.models import PoolingRegion
from agency.scoping import scoped


def may(user: Any, permission: str, obj: models.Model | None = None) -> bool:
    """Whether the person holds the permission: for the thing's region, or without a thing in any region."""
    return bool(user.has_perm(permission, obj))


def permitted_regions(user: Any, permission: str) -> QuerySet[PoolingRegion]:
    """The regions in which the person holds the permission."""
    return scoped(PoolingRegion.objects.all(), user, permission)
