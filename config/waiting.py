"""How long a database may be waited for, and what the person reads where that was too long.

The limits hold for the processes that answer people and for workers, each with its own. Migrations and the other
commands have none: they run as long as they need, with somebody looking.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg import errors

from config.refusals import refusal

_PARAMETERS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
_IN_THE_WAY = (errors.LockNotAvailable, errors.DeadlockDetected)
_RETRY_SECONDS = 10
_logger = logging.getLogger(__name__)


def limit_waiting(kind: str) -> None:
    """Give every connection that this process opens from now on the limits of its kind, "web" or "worker"."""
    limits = {name: f"{settings.DATABASE_SECONDS[kind][name]}s" for name in _PARAMETERS}

    def limit(connection: Any, **_options: Any) -> None:
        apply_limits(connection, limits)

    connection_created.connect(limit, weak=False, dispatch_uid="limit_waiting")


def apply_limits(connection: Any, limits: Mapping[str, str]) -> None:
    """Set PostgreSQL's parameters for the session, such as {"lock_timeout": "10s"}; 0 is no limit."""
    with connection.cursor() as cursor:
        for name, value in limits.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


class WaitingMiddleware:
    """Answers 503 with a sentence where the database took too long, was in use, or broke off. Nothing was saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not _gave_up(exception):
            return None
        _logger.warning("%s: the database gave up", request.path_info, exc_info=exception)
        response = refusal(_("Please try again in a moment"), _sentence(exception.__cause__), status=503)
        response["Retry-After"] = str(_RETRY_SECONDS)
        return response


def _gave_up(exception: Exception) -> bool:
    """Whether it was time, a lock or the connection, and not the program; psycopg calls a cut for idleness internal."""
    idle = isinstance(exception, DatabaseError) and isinstance(
        exception.__cause__, errors.IdleInTransactionSessionTimeout
    )
    return idle or isinstance(exception, OperationalError)


def _sentence(cause: BaseException | None) -> str:
    if isinstance(cause, _IN_THE_WAY):
        return _("Somebody else is working on the same records just now. Nothing was saved; go back and send it again.")
    if isinstance(cause, errors.QueryCanceled):
        return _(
            "This took longer than the site waits. Nothing was saved; ask for less at once, such as with a filter."
        )
    return _("The connection to the database broke off. Nothing was saved; go back and send it again.")
