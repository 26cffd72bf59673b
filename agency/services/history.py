"""Saving rows whose history names who changed them and why."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User

REASON_LENGTH = 100  # What a history row keeps.


def tracked_save(thing: Any, actor: User | None, reason: str) -> None:
    """Save a tracked row under a person's name and a reason. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    thing._history_user = actor
    thing._change_reason = reason[:REASON_LENGTH]
    thing.save()
