"""Browsers in which people have signed in: noted, listed, ended."""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_session_hash
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import Session, User
from agency.services.history import tracked_save
from agency.services.logins import locked_login
from agency.sessions import ADDRESS, BROWSER, SEEN, SIGNED_IN

_SEEN_EVERY = timedelta(minutes=1)


def open_sessions(user: User) -> QuerySet[Session]:
    """The person's, the one used last first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at", "-signed_in_at")


def note_sign_in(request: HttpRequest) -> None:
    """Write into the session of a request from where somebody has just signed in."""
    now = int(timezone.now().timestamp())
    request.session[ADDRESS] = request.META.get("REMOTE_ADDR") or None
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:200]
    request.session[SIGNED_IN] = request.session[SEEN] = now


def has_ended(session: Any, now: datetime) -> bool:
    """Whether nobody has been at it for too long, or it has lasted for longer than a day's work."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    since, seen = session.get(SIGNED_IN), session.get(SEEN)
    if since is None or seen is None:
        # From before sessions were noted.
        return True
    if now.timestamp() - since > settings.SESSION_COOKIE_AGE:
        return True
    return bool(idle) and now.timestamp() - seen > idle.total_seconds()


def note_use(session: Any, now: datetime) -> None:
    """Somebody is at it. Written once a minute, so that a page seldom writes."""
    if now.timestamp() - session[SEEN] >= _SEEN_EVERY.total_seconds():
        session[SEEN] = int(now.timestamp())


def sign_in_before(request: HttpRequest, user: User) -> AccessLog | None:
    """The last sign-in before this one."""
    earlier = AccessLog.objects.filter(username=user.get_username())
    return earlier.exclude(session_hash=get_client_session_hash(request)).order_by("-attempt_time").first()


def wrong_passwords_since(user: User, since: datetime) -> int:
    """How often somebody has typed a wrong password for the name."""
    return int(AccessFailureLog.objects.filter(username=user.get_username(), attempt_time__gt=since).count())


def end_own_session(user: User, key: str) -> None:
    """End one of the person's own sessions. DomainError where it has ended already."""
    if not Session.objects.filter(user=user, session_key=key).delete()[0]:
        raise DomainError(_("This session has ended already."))


def end_all_sessions(user: User, *, but: str | None = None) -> int:
    """End the person's sessions, but for the one of this key; returns how many."""
    ended, _of_each = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return int(ended)


@transaction.atomic
def end_sessions(user: User, *, actor: User, reason: str) -> int:
    """End all of a colleague's sessions; returns how many. NotPermitted as of `locked_login`."""
    user = locked_login(user, actor)
    ended = end_all_sessions(user)
    tracked_save(user, actor, reason)
    return ended
