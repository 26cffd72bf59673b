"""Who signed in and out, and who tried."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from audit.models import Act
from audit.recording import where
from audit.services.accesses import Where, record_access


def _where(request: HttpRequest | None) -> Where:
    # A shell signs somebody in without a request.
    return where(request) if request is not None and request.META.get("REMOTE_ADDR") else Where()


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: Any, **rest: Any) -> None:
    record_access(Act.SIGNED_IN, user, _where(request))


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest | None, user: Any, **rest: Any) -> None:
    if user is not None:
        record_access(Act.SIGNED_OUT, user, _where(request))


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any) -> None:
    """The name is kept where it is a colleague's: what else somebody types there may be a password."""
    name = credentials.get("username") or ""
    colleague = get_user_model().objects.filter(username=name).first()
    record_access(Act.FAILED, colleague, _where(request))
