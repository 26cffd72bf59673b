"""Who submitted and who decided, on every page of something that four eyes approve."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from agency.admin.fields import ReasonField
from agency.admin.forms import DecisionForm
from agency.models import FourEyes


class ReturnForm(DecisionForm):
    reason = ReasonField(label=_("Why it is returned"))


class RefuseForm(DecisionForm):
    reason = ReasonField(label=_("Why it is refused"))


def decision_url(address: str, obj: FourEyes) -> str:
    """The address of a button, with the digest of what the person sees who presses it."""
    return f"{address}?{urlencode({'seen': obj.payload_hash})}" if obj.payload_hash else address


def carry_what_was_seen(places: Iterable[dict[str, Any]], obj: FourEyes) -> None:
    """Put the digest of what a page shows behind its buttons.

    The page may be open while the thing is returned and submitted anew; a decision is on what the page shows.
    """
    for place in places:
        for button in place.get("items", [place]):
            button["path"] = decision_url(button["path"], obj)


def with_approval(own: Sequence[Any], obj: FourEyes) -> Sequence[Any]:
    """The page's own fields; once something was submitted, who did, who decided, and why."""
    if obj.submitted_by_id is None:
        return own
    fields = (("submitter", "submitted"), ("decider", "decided"), "decision_reason")
    return (*own, (_("Approval"), {"fields": fields}))
