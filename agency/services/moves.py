"""The moves of a process (`agency.models.process`): the row is locked for one, then submitted, decided, saved where it
leads.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import FourEyes, User
from agency.services.approval import record_decision, record_submission
from agency.services.cases import let_go
from agency.services.history import last_change, tracked_create, tracked_save

FourEyesRow = TypeVar("FourEyesRow", bound=FourEyes)


def locked(obj: FourEyesRow, move: str, *related: str, of: Sequence[str] = ("self",)) -> FourEyesRow:
    """The row, locked for one of its moves, with what is read along with it. What is locked before it, the caller has.

    MoveNotAllowed in a state in which the move does not begin.
    """
    rows: Any = type(obj)._default_manager
    row: Any = rows.select_for_update(of=of, no_key=True).select_related(*related or (None,)).get(pk=obj.pk)
    row.move = row.process.moves[move]
    if row.state not in row.move.begins:
        facts = {"what": row._meta.verbose_name, "state": row.get_state_display()}
        refused = _("This %(what)s is “%(state)s”, which does not allow it. Look at the page again.") % facts
        raise MoveNotAllowed(f"{refused} {last_change(row)}".strip())
    return row  # type: ignore[no-any-return]


def arrive(obj: FourEyesRow, actor: User | None, reason: str) -> FourEyesRow:
    """Save what `locked` returned in the state to which its move leads; the reason goes into its history."""
    stays = obj.move.to in ("", obj.state)
    obj.state = obj.move.to or obj.state
    del obj.move
    tracked_save(obj, actor, reason)
    if not stays:
        let_go(obj, actor)
    return obj


def submit(
    obj: FourEyesRow, payload: Any, actor: User, reason: str = "", *, authors: Iterable[int | None] = ()
) -> FourEyesRow:
    """Hand what `locked` returned to another person. authors: as of `record_submission`."""
    record_submission(obj, actor, payload, authors=authors)
    return arrive(obj, actor, reason.strip() or "submitted")


def submit_all_new(
    objs: Sequence[FourEyesRow], payload: Callable[[FourEyesRow], Any], actor: User, reason: str
) -> None:
    """Save new rows of one model that wait for another person from the start, in a few statements."""
    for obj in objs:
        record_submission(obj, actor, payload(obj))
    tracked_create(objs, actor, reason)


def submit_new(
    obj: FourEyesRow, payload: Any, actor: User, reason: str, *, twice: DomainError | None = None
) -> FourEyesRow:
    """Save something new that waits for another person from the start. Raises `twice` where the database has it."""
    record_submission(obj, actor, payload)
    try:
        with transaction.atomic():
            tracked_save(obj, actor, reason)
    except IntegrityError as error:
        if twice is None:
            raise
        raise twice from error
    return obj


def decide(obj: FourEyes, payload: Any, actor: User, reason: str, seen: str) -> None:
    """Note the decision that `locked` was called for; the caller does what it says, and lets the thing `arrive`.

    payload, seen, and what it raises: as of `record_decision`.
    """
    record_decision(obj, actor, payload, reason, reason_required=obj.move.needs_reason, seen=seen)


def turn_down(obj: FourEyesRow, actor: User, reason: str, seen: str) -> FourEyesRow:
    """Refuse or send back what `locked` returned, whatever has changed since. seen: as of `record_decision`."""
    decide(obj, None, actor, reason, seen)
    return arrive(obj, actor, reason)


@transaction.atomic
def refuse(obj: FourEyesRow, *, actor: User, reason: str, seen: str, move: str = "refuse") -> FourEyesRow:
    """Lock something that is locked by itself, and turn it down by this move."""
    return turn_down(locked(obj, move), actor, reason, seen)
