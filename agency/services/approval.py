"""Four-eyes approval: submit, then decide by another person what was seen (四眼)."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import FourEyes, User


def payload_digest(payload: Any) -> str:
    """SHA-256 over the canonical JSON of what is submitted; dates and amounts count as their text."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def record_submission(thing: FourEyes, actor: User, payload: Any, at: datetime | None = None) -> None:
    """Note who submitted what. The caller has locked the row, checked the state, and saves it."""
    thing.submitted_by = actor
    thing.submitted_at = at or timezone.now()
    thing.decided_by = None
    thing.decided_at = None
    thing.decision_reason = ""
    thing.payload_hash = payload_digest(payload)


def record_decision(
    thing: FourEyes, actor: User, payload: Any, reason: str = "", *, reason_required: bool = False
) -> None:
    """Note another person's decision on what was submitted. The caller has locked the row and saves it.

    payload: what the decision applies; None for a refusal that must be possible whatever has changed since.
    Raises SamePersonDecides if the submitter decides, SubmissionVoided if what is there now is not what was submitted,
    DomainError if a reason is required and missing.
    """
    if thing.submitted_by_id is None or thing.submitted_by_id == actor.pk:
        raise SamePersonDecides(_("Another person than the one who submitted must decide this."))
    applies_nothing = payload is None and reason_required
    if not applies_nothing and thing.payload_hash != payload_digest(payload):
        raise SubmissionVoided(_("This was changed after it was submitted. Submit it again, then decide."))
    if reason_required and not reason.strip():
        raise DomainError(_("Give the reason for this decision."))
    thing.decided_by = actor
    thing.decided_at = timezone.now()
    thing.decision_reason = reason
