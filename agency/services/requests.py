"""Requests that hold for a period once another person has approved them.

Submitted, then approved or refused (`LASTING_REQUEST`); an approved one ends.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.moves import FourEyesRow, arrive, decide, locked


def period_of(since: date, until: date | None) -> DateRange:
    """The days from since to until, both inside; open-ended without until. DomainError where they are no period."""
    if until is not None and until < since:
        raise DomainError(_("The last day lies before the first."))
    return DateRange(since, until + timedelta(days=1) if until else None)


@transaction.atomic
def approve_request(
    request: FourEyesRow,
    payload: Callable[[FourEyesRow], Any],
    *,
    actor: User,
    reason: str,
    seen: str,
    overlap: str | Promise,
) -> FourEyesRow:
    """Approve a request as another person. DomainError with the sentence `overlap` where the database finds another.

    seen: as of `record_decision`.
    """
    request = locked(request, "approve")
    decide(request, payload(request), actor, reason, seen)
    try:
        with transaction.atomic():
            return arrive(request, actor, reason or "approved")
    except IntegrityError as error:
        raise DomainError(overlap) from error


@transaction.atomic
def end_request(request: FourEyesRow, *, last_day: date, actor: User, reason: str) -> FourEyesRow:
    """Let an approved request end with a day of its period.

    A longer one is a new request, which another person approves.

    MoveNotAllowed where it is not approved or the day lies outside its period.
    """
    ended: Any = locked(request, "end")
    if last_day < ended.period.lower:
        raise MoveNotAllowed(_("Only what is approved can end, on or after its first day."))
    if ended.period.upper is not None and last_day >= ended.period.upper:
        raise MoveNotAllowed(_("It ends before that day already."))
    ended.period = DateRange(ended.period.lower, last_day + timedelta(days=1))
    return arrive(ended, actor, reason)  # type: ignore[no-any-return]
