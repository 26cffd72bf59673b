"""The demonstration's staff: one or two people for each role, in all regions, with a password that is new each time."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from agency.models import Role, User
from agency.services.history import tracked_save
from agency.services.staff import assign_role

_PASSWORD_BYTES = 12
# Two where one submits what another one of the same role decides.
_PEOPLE = (
    (Role.CLERK, "clerk", "陈晓（经办）"),
    (Role.CLERK, "clerk_2", "林悦（经办）"),
    (Role.SUPERVISOR, "supervisor", "周宁（复核）"),
    (Role.POLICY_OFFICER, "policy_officer", "吴越（政策）"),
    (Role.POLICY_OFFICER, "policy_officer_2", "秦川（政策）"),
    (Role.FINANCE, "finance", "郑平（财务）"),
    (Role.FINANCE, "finance_2", "何静（财务）"),
    (Role.AUDITOR, "auditor", "冯清（审计）"),
    (Role.SYSTEM_ADMINISTRATOR, "administrator", "沈安（系统管理）"),
    (Role.SYSTEM_ADMINISTRATOR, "administrator_2", "罗敏（系统管理）"),
)


@dataclass(frozen=True)
class Colleague:
    """One of the staff; the password is known only here and now."""

    user: User
    role: Role
    password: str


def prepare_staff() -> dict[Role, list[Colleague]]:
    """Make whoever is missing, and give everybody a fresh password: the same, for whoever looks at all of them."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    # Once, because it is made to take its time.
    kept = make_password(password)
    staff: dict[Role, list[Colleague]] = {}
    for role, username, display_name in _PEOPLE:
        user = User.objects.filter(username=username).first() or User(username=username, display_name=display_name)
        user.is_staff = user.is_active = True
        user.password = kept
        # Whoever runs the demonstration reads it on the screen and goes on with it.
        user.password_set_by = user.password_set_at = None
        tracked_save(user, None, "demonstration: a fresh password")
        assign_role(user, role, None, reason="demo")
        staff.setdefault(role, []).append(Colleague(user, role, password))
    return staff
