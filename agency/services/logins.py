"""Logins: opened, changed and closed by an administrator whose rights cover their owner's regions."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import NotPermitted
from agency.models import User
from agency.services.history import tracked_save

CHANGE = "agency.change_user"


@transaction.atomic
def open_login(user: User, *, actor: User, reason: str) -> User:
    """Save a new login with its first password. NotPermitted for whoever opens none."""
    if not actor.has_perm("agency.add_user"):
        raise NotPermitted(_("You may not open a login."))
    user.is_staff = True
    tracked_save(user, actor, reason)
    return user


@transaction.atomic
def change_login(
    user: User, *, username: str, display_name: str, email: str, is_active: bool, actor: User, reason: str
) -> User:
    """Change what colleagues see of a login, open it again or close it. NotPermitted as of `locked_login`."""
    found = locked_login(user, actor)
    found.username, found.display_name, found.email, found.is_active = username, display_name, email, is_active
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def set_password(user: User, password: str, *, actor: User, reason: str) -> User:
    """Give somebody who cannot log in any more another password. NotPermitted as of `locked_login`."""
    found = locked_login(user, actor)
    found.set_password(password)
    tracked_save(found, actor, reason)
    return found


def locked_login(user: User, actor: User) -> User:
    """The login's row, locked. NotPermitted where the actor's rights do not cover every region of its owner.

    Whoever holds a role in all regions is changed by administrators of all regions, a superuser by superusers.
    """
    found = User.objects.select_for_update().get(pk=user.pk)
    if not actor.has_perm(CHANGE, found):
        raise NotPermitted(
            _("This person also works where you do not look after staff. Ask an administrator who does.")
        )
    return found
