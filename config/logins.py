"""Guessing passwords: where a login comes from, and how long a name waits after wrong ones.

Two locks stand side by side. A name from one address is closed for AXES_COOLOFF_TIME after AXES_FAILURE_LIMIT wrong
passwords, as django-axes does it. A name from anywhere waits after as many wrong ones, each time twice as long, so that
guesses from many addresses are slowed too. That wait is short at first, and an address from which the person has signed
in before does not have it, so nobody keeps a colleague out by guessing elsewhere.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ipware import get_client_ip

from agency.services.unlocking import REMEMBERED, forgotten_at
from config.refusals import refusal

_HEADER = "HTTP_X_FORWARDED_FOR"


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks, as the outermost of TRUSTED_PROXY_COUNT proxies saw it.

    Each proxy appends to X-Forwarded-For whom it answers, so what the client wrote itself stands further left and is
    never read. Without proxies, or where they have said nothing that can be read, it is the connection's own.
    """
    own: str | None = request.META.get("REMOTE_ADDR") or None
    if settings.TRUSTED_PROXY_COUNT == 0:
        return own
    # Cut to what the trusted ones wrote: where one of these cannot be read, none before it may stand for it.
    written = request.META.get(_HEADER, "").split(",")[-settings.TRUSTED_PROXY_COUNT :]
    # ipware counts the proxies that stand in the header; the last one is the connection itself.
    cut = HttpRequest()
    cut.META = {_HEADER: ",".join(written)}
    address, _routable = get_client_ip(
        cut, proxy_count=settings.TRUSTED_PROXY_COUNT - 1, request_header_order=(_HEADER,), strict=True
    )
    return address or own


class ClientAddressMiddleware:
    """Has REMOTE_ADDR be the true client, for locks, sessions and whatever else notes an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_address(request)
        return self.get_response(request)


class LoginHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Refuses what django-axes refuses, and a name that has to wait."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this name from this address has to wait."""
        return bool(super().is_locked(request, credentials)) or _name_waits(request, credentials) > timedelta(0)


def lockout_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429, and when to try again."""
    seconds = ceil(max(_name_waits(request, credentials), _pair_waits(request, credentials)).total_seconds()) or 1
    said = _("Too many wrong passwords for this name. %(again)s") % {"again": _again_in(seconds)}
    answer = refusal(_("Please wait before you sign in"), said, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _again_in(seconds: int) -> str:
    if seconds < 60:
        return ngettext("Try again in %(count)s second.", "Try again in %(count)s seconds.", seconds) % {
            "count": seconds
        }
    minutes = ceil(seconds / 60)
    return ngettext("Try again in %(count)s minute.", "Try again in %(count)s minutes.", minutes) % {"count": minutes}


def _name_waits(request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
    """How much longer the name waits from any address; nothing from one where the person has signed in before."""
    name = get_client_username(request, credentials)
    if AccessLog.objects.filter(username=name, ip_address=get_client_ip_address(request)).exists():
        return timedelta(0)
    since = timezone.now() - REMEMBERED
    since = max(since, forgotten_at(name) or since)
    wrong = AccessFailureLog.objects.filter(username=name, attempt_time__gt=since).order_by("-attempt_time")
    count = wrong.count()
    if count < settings.AXES_FAILURE_LIMIT:
        return timedelta(0)
    return _left(wrong[0].attempt_time, _delay(count))


def _delay(count: int) -> timedelta:
    """After so many wrong passwords: the first wait, doubled with each one more, up to the bound."""
    # 2**20 first waits are beyond any bound, and more would be a number without end.
    doubled = settings.LOGIN_WAIT_SECONDS * 2 ** min(count - settings.AXES_FAILURE_LIMIT, 20)
    return timedelta(seconds=min(doubled, settings.LOGIN_WAIT_AT_MOST_SECONDS))


def _pair_waits(request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
    """How much longer django-axes keeps this name from this address."""
    tries = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        ip_address=get_client_ip_address(request),
    ).order_by("-attempt_time")
    if sum(each.failures_since_start for each in tries) < settings.AXES_FAILURE_LIMIT:
        return timedelta(0)
    return _left(tries[0].attempt_time, settings.AXES_COOLOFF_TIME)


def _left(since: datetime, wait: timedelta) -> timedelta:
    return max(since + wait - timezone.now(), timedelta(0))
