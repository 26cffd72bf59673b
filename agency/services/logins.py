"""Logins: opened, changed and closed by an administrator whose rights cover their owner's regions.

Nobody goes on with a password that somebody else knows, and everybody is told what others changed about their login.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, NotPermitted
from agency.models import RoleAssignment, User
from agency.services.history import tracked_save
from agency.services.staff import end_role

CHANGE = "agency.change_user"


@transaction.atomic
def open_login(user: User, *, actor: User, reason: str) -> User:
    """Save a new login with its first password, which its owner changes. NotPermitted for whoever opens none."""
    if not actor.has_perm("agency.add_user"):
        raise NotPermitted(_("You may not open a login."))
    user.is_staff = True
    _note_who_knows_the_password(user, actor)
    tracked_save(user, actor, reason)
    return user


@transaction.atomic
def change_login(
    user: User, *, username: str, display_name: str, email: str, is_active: bool, actor: User, reason: str
) -> User:
    """Change what colleagues see of a login, open it again or close it. NotPermitted as of `locked_login`.

    With a login its owner's roles end: opened again, it could otherwise be used by whoever then sets its password.
    Roles that a closed login still holds end when it is opened.
    DomainError where somebody but a superuser closes their own.
    """
    user = locked_login(user, actor)
    if not (is_active and user.is_active):
        _end_roles(user, actor, reason)
    user.username, user.display_name, user.email, user.is_active = username, display_name, email, is_active
    tracked_save(user, actor, reason)
    return user


@transaction.atomic
def set_password(user: User, password: str, *, actor: User, reason: str) -> User:
    """Give somebody who cannot log in any more another password, until they change it.

    NotPermitted as of `locked_login`; DomainError for one's own.
    """
    user = locked_login(user, actor)
    if user.pk == actor.pk:
        raise DomainError(_("Change your own password at the top of the page."))
    user.set_password(password)
    _note_who_knows_the_password(user, actor)
    tracked_save(user, actor, reason)
    return user


@transaction.atomic
def choose_password(user: User, password: str) -> User:
    """Somebody's own new password; nobody else knows it. DomainError where it is the one they have."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.check_password(password):
        raise DomainError(_("This is the password you have. Choose another."))
    user.set_password(password)
    user.password_set_by = user.password_set_at = None
    tracked_save(user, user, "own password chosen")
    return user


@transaction.atomic
def changes_to_tell(user: User) -> list[Any]:
    """History rows of the login and of its roles that others wrote since its owner was last told, the oldest first.

    The owner counts as told. What the command line changed has no author, and is not among them.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    roles = RoleAssignment.history.filter(user=user).select_related("region")
    news = [
        row
        for rows in (user.history.all(), roles)
        for row in rows.filter(history_date__gt=user.told_at, history_user__isnull=False)
        .exclude(history_user=user)
        .select_related("history_user")
    ]
    User.objects.filter(pk=user.pk).update(told_at=timezone.now())
    return sorted(news, key=lambda row: row.history_date)


def _note_who_knows_the_password(user: User, actor: User) -> None:
    user.password_set_by, user.password_set_at = actor, timezone.now()


def _end_roles(user: User, actor: User, reason: str) -> None:
    if user.pk == actor.pk and not actor.is_superuser:
        raise DomainError(_("Another administrator closes your login."))
    for held in user.role_assignments.all():
        end_role(held, actor=actor, reason=reason)


def locked_login(user: User, actor: User) -> User:
    """The login's row, locked. NotPermitted where the actor's rights do not cover every region of its owner.

    Whoever holds a role in all regions is changed by administrators of all regions, a superuser by superusers.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not actor.has_perm(CHANGE, user):
        raise NotPermitted(
            _("This person also works where you do not look after staff. Ask an administrator who does.")
        )
    return user
