"""The people at the agency."""

from agency.models import PoolingRegion, Role, User
from agency.services.staff import assign_role

REASON = "test"
PASSWORD = "correct horse battery"


def staff(username: str, *roles: Role, region: PoolingRegion | None = None, **more: str) -> User:
    """A person at the agency who holds the roles in the region, or in all regions; the password is PASSWORD."""
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True, **more)
    for role in roles:
        assign_role(user, role, region, reason=REASON)
    return user


def somebody(username: str, *roles: Role, region: PoolingRegion | None = None) -> User:
    """The same person whenever the name is asked for."""
    return User.objects.filter(username=username).first() or staff(username, *roles, region=region)


def pair(region: PoolingRegion) -> tuple[User, User]:
    """A clerk and a supervisor of the region."""
    clerk, supervisor = (
        somebody(f"{role.value}-{region.slug}", role, region=region) for role in (Role.CLERK, Role.SUPERVISOR)
    )
    return clerk, supervisor
