"""Saving rows whose history names who changed them and why."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from agency.exceptions import DomainError
from agency.models import User

REASON_LENGTH = 100  # What a history row keeps of a reason that somebody gives.
REGISTERED = gettext_noop("registered")  # Why something is there that somebody entered for the first time.
# What services write themselves where nobody is asked for a reason. Histories show these in the reader's language.
OWN_WORDS = frozenset(
    {
        gettext_noop("approved"),
        gettext_noop("asked for in a note"),
        gettext_noop("bank file downloaded"),
        gettext_noop("changed"),
        gettext_noop("check requested"),
        gettext_noop("checked"),
        gettext_noop("done"),
        gettext_noop("drafted"),
        gettext_noop("drafted anew"),
        gettext_noop("found by a search"),
        gettext_noop("given back"),
        gettext_noop("handed on"),
        gettext_noop("limits to begin with"),
        gettext_noop("moved on"),
        gettext_noop("noted"),
        gettext_noop("nothing to pay out"),
        gettext_noop("own password chosen"),
        gettext_noop("paid"),
        gettext_noop("paid back"),
        gettext_noop("paid by the bank"),
        gettext_noop("posted"),
        gettext_noop("posting"),
        gettext_noop("published"),
        gettext_noop("refused"),
        REGISTERED,
        gettext_noop("rest after a recovery"),
        gettext_noop("second factor set up"),
        gettext_noop("settled"),
        gettext_noop("statement redrafted"),
        gettext_noop("submitted"),
        gettext_noop("summed up"),
        gettext_noop("taken"),
        gettext_noop("taken by a statement"),
        gettext_noop("the bank's answer"),
        gettext_noop("the pattern has changed"),
    }
)


def last_change(obj: Any) -> str:
    """Who changed a row last and when, and its state now: for whoever comes too late. Empty where nobody is named."""
    record = obj.history.select_related("history_user").order_by("-history_date", "-history_id").first()
    if record is None or record.history_user is None:
        return ""
    when = date_format(localtime(record.history_date), "DATETIME_FORMAT")
    facts = {"who": record.history_user, "when": when, "state": obj.get_state_display()}
    return str(_("%(who)s changed it last, on %(when)s; it is “%(state)s” now.") % facts)


def tracked_create(rows: Sequence[Any], actor: User | None, reason: str) -> None:
    """Save new rows of one tracked model at once, each with its history. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if rows:
        bulk_create_with_history(
            rows, type(rows[0]), default_user=actor, default_change_reason=reason[:REASON_LENGTH], batch_size=500
        )


def tracked_update(rows: Sequence[Any], fields: Sequence[str], actor: User | None, reason: str) -> None:
    """Save these fields of rows of one tracked model at once, each with its history. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if rows:
        bulk_update_with_history(
            rows,
            type(rows[0]),
            fields,
            default_user=actor,
            default_change_reason=reason[:REASON_LENGTH],
            batch_size=500,
        )


def tracked_save(obj: Any, actor: User | None, reason: str) -> None:
    """Save a tracked row under a person's name and a reason. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    obj._history_user = actor
    # A history that names what was changed in a table has room for all of it.
    room: int | None = type(obj).history.model._meta.get_field("history_change_reason").max_length
    obj._change_reason = reason[:room]
    obj.save()
