"""Four-eyes approval: submit, then decide by another person what was seen (四眼)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import FourEyes, User
from agency.services.history import last_change


def payload_digest(payload: Any) -> str:
    """SHA-256 over the canonical JSON of what is submitted; dates and amounts count as their text."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def note_author(obj: FourEyes, *people: int | None) -> None:
    """Note who wrote a part of it, by ids; None for what the clock or an import wrote. The caller saves the row.

    Whoever writes what they have sent back before is an author from now on, and that decision is no longer theirs to
    have taken: the history keeps it.
    """
    obj.authors = sorted({*obj.authors, *(person for person in people if person is not None)})
    if obj.decided_by_id in obj.authors:
        _forget_decision(obj)


def _forget_decision(obj: FourEyes) -> None:
    obj.decided_by = None
    obj.decided_at = None
    obj.decision_reason = ""


def record_submission(
    obj: FourEyes, actor: User, payload: Any, at: datetime | None = None, *, authors: Iterable[int | None] = ()
) -> None:
    """Note who submitted what. The caller has locked the row, checked the state, and saves it.

    authors: ids of those who wrote parts that lie in other rows; they decide it as little as the submitter.
    """
    _forget_decision(obj)
    note_author(obj, actor.pk, *authors)
    obj.submitted_by = actor
    obj.submitted_at = at or timezone.now()
    obj.payload_hash = payload_digest(payload)


def _check_seen(obj: FourEyes, seen: str) -> None:
    """SubmissionVoided where another submission stands now than the one that was looked at."""
    if seen and seen != obj.payload_hash:
        anew = _("This was submitted anew after you opened its page. Look at it as it is now, then decide.")
        raise SubmissionVoided(f"{anew} {last_change(obj)}".strip())


def record_decision(
    obj: FourEyes, actor: User, payload: Any, reason: str = "", *, reason_required: bool = False, seen: str = ""
) -> None:
    """Note another person's decision on what was submitted. The caller has locked the row and saves it.

    payload: what the decision applies; None for a refusal that must be possible whatever has changed since.
    seen: the `payload_hash` of what was shown to whoever decides; empty where nothing was shown. Raises
    SamePersonDecides if the submitter or an author decides, SubmissionVoided if what is there now is not what was
    submitted, or not what was seen, DomainError if a reason is required and missing.
    """
    if obj.submitted_by_id is None or obj.submitted_by_id == actor.pk:
        raise SamePersonDecides(_("Another person than the one who submitted must decide this."))
    if actor.pk in obj.authors:
        raise SamePersonDecides(_("You wrote a part of this. Somebody who has written none of it must decide."))
    _check_seen(obj, seen)
    applies_nothing = payload is None and reason_required
    if not applies_nothing and obj.payload_hash != payload_digest(payload):
        raise SubmissionVoided(_("This was changed after it was submitted. Submit it again, then decide."))
    if reason_required and not reason.strip():
        raise DomainError(_("Give the reason for this decision."))
    obj.decided_by = actor
    obj.decided_at = timezone.now()
    obj.decision_reason = reason


def decide_with(obj: FourEyes, decision: FourEyes) -> None:
    """Submit and decide a thing as a part of what was decided, by the same people, who saw it there.

    The caller has locked both rows and saves them. SamePersonDecides where whoever decided wrote a part of the thing
    before.
    """
    note_author(obj, *decision.authors)
    if decision.decided_by_id in obj.authors:
        raise SamePersonDecides(_("You wrote a part of this. Somebody who has written none of it must decide."))
    for name in ("submitted_by", "submitted_at", "payload_hash", "decided_by", "decided_at", "decision_reason"):
        setattr(obj, name, getattr(decision, name))
