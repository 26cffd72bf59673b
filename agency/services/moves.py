"""The moves of a process (`agency.models.process`): the row is locked for one, then submitted, decided, saved where it
leads.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import FourEyes, User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save

Thing = TypeVar("Thing", bound=FourEyes)


def locked(thing: Thing, move: str, *related: str, of: Sequence[str] = ("self",)) -> Thing:
    """The row, locked for one of its moves, with what is read along with it. What is locked before it, the caller has.

    MoveNotAllowed in a state in which the move does not begin.
    """
    rows: Any = type(thing)._default_manager
    found: Any = rows.select_for_update(of=of, no_key=True).select_related(*related or (None,)).get(pk=thing.pk)
    found.move = found.process.moves[move]
    if found.state not in found.move.begins:
        facts = {"what": found._meta.verbose_name, "state": found.get_state_display()}
        raise MoveNotAllowed(
            _("This %(what)s is “%(state)s”, which does not allow it. Look at the page again.") % facts
        )
    return found  # type: ignore[no-any-return]


def arrive(thing: Thing, actor: User | None, reason: str) -> Thing:
    """Save what `locked` returned in the state to which its move leads; the reason goes into its history."""
    thing.state = thing.move.to or thing.state
    del thing.move
    tracked_save(thing, actor, reason)
    return thing


def submit(thing: Thing, payload: Any, actor: User, reason: str = "", *, authors: Iterable[int | None] = ()) -> Thing:
    """Hand what `locked` returned to another person. authors: as of `record_submission`."""
    record_submission(thing, actor, payload, authors=authors)
    return arrive(thing, actor, reason.strip() or "submitted")


def submit_new(thing: Thing, payload: Any, actor: User, reason: str, *, twice: DomainError | None = None) -> Thing:
    """Save something new that waits for another person from the start. Raises `twice` where the database has it."""
    record_submission(thing, actor, payload)
    try:
        with transaction.atomic():
            tracked_save(thing, actor, reason)
    except IntegrityError as error:
        if twice is None:
            raise
        raise twice from error
    return thing


def decide(thing: FourEyes, payload: Any, actor: User, reason: str, seen: str) -> None:
    """Note the decision that `locked` was called for; the caller does what it says, and lets the thing `arrive`.

    payload, seen, and what it raises: as of `record_decision`.
    """
    record_decision(thing, actor, payload, reason, reason_required=thing.move.needs_reason, seen=seen)


def turn_down(thing: Thing, actor: User, reason: str, seen: str) -> Thing:
    """Refuse or send back what `locked` returned, whatever has changed since. seen: as of `record_decision`."""
    decide(thing, None, actor, reason, seen)
    return arrive(thing, actor, reason)


@transaction.atomic
def refuse(thing: Thing, *, actor: User, reason: str, seen: str, move: str = "refuse") -> Thing:
    """Lock something that is locked by itself, and turn it down by this move."""
    return turn_down(locked(thing, move), actor, reason, seen)
