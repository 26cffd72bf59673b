"""Permissions from roles per region."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from agency.models import User
from agency.scoping import ALL_REGIONS, permissions_held, region_id_of, region_ids_of, region_path_of

# Whoever sets a password or closes a login acts in every region where its owner works.
CHANGE_A_LOGIN = "agency.change_user"


class RoleBackend(ModelBackend):
    """A person has the permissions of the roles they hold.

    Without an object the question is "in any region?", which decides whether a screen is shown. With an object it is
    "in the region of this row?"; a row that could have a region and has none belongs to those who work in all of them.
    Changing a colleague's login takes the permission in every region where the colleague holds a role.
    """

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Of the groups the person is in directly or through a role. As Django has it, none for an object."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return super().get_all_permissions(user_obj) if user_obj.is_superuser else set(permissions_held(user_obj))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the person holds the permission (in the object's region, if one is given)."""
        if not user_obj.is_active or user_obj.is_superuser:
            return bool(user_obj.is_active)
        if perm not in permissions_held(user_obj):
            return False
        if obj is None:
            return True
        regions = region_ids_of(user_obj, perm)
        if isinstance(obj, User) and perm == CHANGE_A_LOGIN:
            return _covers(regions, obj)
        return regions is None or region_path_of(type(obj)) == ALL_REGIONS or region_id_of(obj) in regions


def _covers(regions: set[int] | None, person: User) -> bool:
    """Whether rights in the regions (None: in all) reach every region of the person; a superuser's reach further."""
    if person.is_superuser or regions is None:
        return not person.is_superuser
    return bool(regions) and set(person.role_assignments.values_list("region_id", flat=True)) <= regions
