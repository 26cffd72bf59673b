"""Locked logins after wrong passwords, and letting a colleague in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessFailureLog, AccessLog
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import LetInAgain, User
from agency.services.history import REASON_LENGTH
from agency.services.logins import locked_login

# Wrong passwords that are older are forgotten.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name and its wrong passwords since it last signed in; `user` is None where it is nobody's login."""

    username: str
    user: User | None
    count: int
    last_at: datetime
    addresses: Sequence[str]


def waiting_names(now: datetime) -> list[Waiting]:
    """Names with enough wrong passwords to be slowed or locked, the latest first."""
    since = now - REMEMBERED
    names = AccessFailureLog.objects.filter(attempt_time__gt=since).order_by().values_list("username").distinct()
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    found = []
    for (name,) in names:
        from_then = max(since, forgotten_at(name) or since)
        wrong = list(
            AccessFailureLog.objects.filter(username=name, attempt_time__gt=from_then)
            .order_by("-attempt_time")
            .values_list("attempt_time", "ip_address")
        )
        if len(wrong) >= settings.AXES_FAILURE_LIMIT:
            addresses = sorted({address for _at, address in wrong if address})
            found.append(Waiting(name, users.get(name), len(wrong), wrong[0][0], addresses))
    return sorted(found, key=lambda each: each.last_at, reverse=True)


def forgotten_at(username: str) -> datetime | None:
    """When the wrong passwords of a name were last forgotten: somebody signed in with it, or was let in again."""
    signed_in = AccessLog.objects.filter(username=username).aggregate(at=Max("attempt_time"))["at"]
    let_in = LetInAgain.objects.filter(user__username=username).aggregate(at=Max("let_in_at"))["at"]
    return max((at for at in (signed_in, let_in) if at), default=None)


@transaction.atomic
def let_in_again(user: User, *, actor: User, reason: str) -> LetInAgain:
    """End a colleague's wait. What was typed stays on record. NotPermitted as of `locked_login`.

    DomainError for oneself, without a reason, and where nobody waits.
    """
    user = locked_login(user, actor)
    if user.pk == actor.pk:
        raise DomainError(_("Another administrator does that for you."))
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if user.username not in {each.username for each in waiting_names(timezone.now())}:
        raise DomainError(_("This person does not wait any more."))
    reset(username=user.username)
    return LetInAgain.objects.create(user=user, let_in_by=actor, reason=reason[:REASON_LENGTH])
