"""The demonstration's staff: one person for each role, in all regions, with a password that is new each time."""

import secrets
from dataclasses import dataclass

from agency.models import Role, User
from agency.services.history import tracked_save
from agency.services.staff import assign_role

_PASSWORD_BYTES = 12
_PEOPLE = {
    Role.CLERK: ("clerk", "陈晓（经办）"),
    Role.SUPERVISOR: ("supervisor", "周宁（复核）"),
    Role.POLICY_OFFICER: ("policy_officer", "吴越（政策）"),
    Role.FINANCE: ("finance", "郑平（财务）"),
    Role.AUDITOR: ("auditor", "冯清（审计）"),
    Role.SYSTEM_ADMINISTRATOR: ("administrator", "沈安（系统管理）"),
}


@dataclass(frozen=True)
class Colleague:
    """One of the staff; the password is known only here and now."""

    user: User
    role: Role
    password: str


def prepare_staff() -> dict[Role, Colleague]:
    """Make whoever is missing, and give everybody a fresh password."""
    staff: dict[Role, Colleague] = {}
    for role, (username, display_name) in _PEOPLE.items():
        user = User.objects.filter(username=username).first() or User(username=username, display_name=display_name)
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        user.is_staff = user.is_active = True
        user.set_password(password)
        # Whoever runs the demonstration reads it on the screen and goes on with it.
        user.password_set_by = user.password_set_at = None
        tracked_save(user, None, "demonstration: a fresh password")
        assign_role(user, role, None, reason="demo")
        staff[role] = Colleague(user, role, password)
    return staff
