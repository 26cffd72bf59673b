"""Requests that hold for a period once another person has approved them.

Submitted, then approved or refused; an approved one ends.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import FourEyes, User
from agency.services.approval import record_decision
from agency.services.history import tracked_save

SUBMITTED, APPROVED, REFUSED = "submitted", "approved", "refused"
Request = TypeVar("Request", bound=FourEyes)


def period_of(since: date, until: date | None) -> DateRange:
    """The days from since to until, both inside; open-ended without until. DomainError where they are no period."""
    if until is not None and until < since:
        raise DomainError(_("The last day lies before the first."))
    return DateRange(since, until + timedelta(days=1) if until else None)


def locked_request(request: Request) -> Any:
    """The request's row, locked. MoveNotAllowed where it has been decided."""
    found: Any = type(request)._default_manager.select_for_update(of=("self",)).get(pk=request.pk)
    if found.state != SUBMITTED:
        raise MoveNotAllowed(_("This has been decided already."))
    return found


@transaction.atomic
def approve_request(
    request: Request, payload: Callable[[Request], Any], *, actor: User, reason: str, seen: str, overlap: str | Promise
) -> Request:
    """Approve a request as another person. DomainError with the sentence `overlap` where the database finds another.

    seen: as of `record_decision`.
    """
    found = locked_request(request)
    record_decision(found, actor, payload(found), reason, seen=seen)
    found.state = APPROVED
    try:
        with transaction.atomic():
            tracked_save(found, actor, reason or "approved")
    except IntegrityError as error:
        raise DomainError(overlap) from error
    return found  # type: ignore[no-any-return]


@transaction.atomic
def refuse_request(request: Request, *, actor: User, reason: str, seen: str) -> Request:
    """Refuse a request as another person, whatever has changed since; the reason is required. seen: as above."""
    found = locked_request(request)
    record_decision(found, actor, None, reason, reason_required=True, seen=seen)
    found.state = REFUSED
    tracked_save(found, actor, reason)
    return found  # type: ignore[no-any-return]


@transaction.atomic
def end_request(request: Request, *, last_day: date, actor: User, reason: str) -> Request:
    """Let an approved request end with a day of its period.

    A longer one is a new request, which another person approves.

    MoveNotAllowed where it is not approved or the day lies outside its period.
    """
    found: Any = type(request)._default_manager.select_for_update(of=("self",)).get(pk=request.pk)
    if found.state != APPROVED or last_day < found.period.lower:
        raise MoveNotAllowed(_("Only what is approved can end, on or after its first day."))
    if found.period.upper is not None and last_day >= found.period.upper:
        raise MoveNotAllowed(_("It ends before that day already."))
    found.period = DateRange(found.period.lower, last_day + timedelta(days=1))
    tracked_save(found, actor, reason)
    return found  # type: ignore[no-any-return]
