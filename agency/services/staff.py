"""Staff and roles."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, Role, RoleAssignment, User
from agency.services.history import REASON_LENGTH, tracked_save


@transaction.atomic
def sync_roles() -> int:
    """Give each role's group exactly the permissions that the apps declare for it. Returns how many it holds in all.

    An app declares `role_permissions` on its AppConfig, so that the lowest floor need not know what lies above it.
    Raises LookupError where an app names a role or a permission that does not exist.
    """
    wanted: dict[str, set[Permission]] = {role.value: set() for role in Role}
    known = {(p.content_type.app_label, p.codename): p for p in Permission.objects.select_related("content_type")}
    for config in apps.get_app_configs():
        declared: dict[str, list[str]] = getattr(config, "role_permissions", {})
        for role, codenames in declared.items():
            if role not in wanted:
                raise LookupError(f"{config.label} names the unknown role {role}")
            for codename in codenames:
                if (config.label, codename) not in known:
                    raise LookupError(f"{config.label} names the unknown permission {codename}")
                wanted[role].add(known[config.label, codename])
    for role, permissions in wanted.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(permissions)
    return sum(len(permissions) for permissions in wanted.values())


@transaction.atomic
def assign_role(
    user: User, role: Role, region: PoolingRegion | None, *, actor: User | None = None, reason: str
) -> RoleAssignment:
    """Write that a person holds a role in a region (None: in all regions). Doing it twice changes nothing.

    Whoever sits at a screen calls `agency.services.roles`, which asks who may; actor is None on the command line.
    """
    held = RoleAssignment.objects.filter(user=user, role=role.value, region=region).first()
    if held is None:
        held = RoleAssignment(user=user, role=role.value, region=region, group=Group.objects.get(name=role.value))
        tracked_save(held, actor, reason)
    return held


@transaction.atomic
def end_role(assignment: RoleAssignment, *, actor: User | None, reason: str) -> None:
    """Write that a role has ended; its history keeps who did it and why. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    assignment._history_user = actor  # type: ignore[attr-defined]
    assignment._change_reason = reason[:REASON_LENGTH]  # type: ignore[attr-defined]
    assignment.delete()
