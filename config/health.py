"""The health page for a load balancer: which of the parts that this site needs answer."""

from collections.abc import Callable

import redis
from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

PATH = "/healthz"
_SECONDS = 1.0
"""How long each part may take to answer; a load balancer gives up soon after."""


class HealthMiddleware:
    """Answers ``/healthz`` before anything looks at the host, the scheme, the session or the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            return healthz(request)
        return self.get_response(request)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database, the broker and a worker answer, else 503; each part is "ok" or "down" and
    nothing more.
    """
    broker = _answers(_broker)
    parts = {
        "database": _answers(_database),
        "broker": broker,
        # Without a broker nobody could be asked, and asking would wait for it.
        "worker": broker and _answers(_worker),
    }
    words = {part: "ok" if answers else "down" for part, answers in parts.items()}
    return JsonResponse(words, status=200 if all(parts.values()) else 503)


def _answers(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except (DatabaseFault, redis.RedisError, OperationalError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS) as client:
        return bool(client.ping())


def _worker() -> bool:
    return bool(current_app.control.ping(timeout=_SECONDS, limit=1))
