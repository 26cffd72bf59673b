"""Who submitted and who decided, on every page of something that four eyes approve."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from agency.admin.fields import ReasonField
from agency.admin.formats import NOTHING, badge, instant
from agency.admin.forms import DecisionForm
from agency.models import FourEyes


class ReturnForm(DecisionForm):
    reason = ReasonField(label=_("Why it is returned"))


class RefuseForm(DecisionForm):
    reason = ReasonField(label=_("Why it is refused"))


def decision_url(address: str, thing: FourEyes) -> str:
    """The address of a button, with the digest of what the person sees who presses it."""
    return f"{address}?{urlencode({'seen': thing.payload_hash})}" if thing.payload_hash else address


def carry_what_was_seen(places: Iterable[dict[str, Any]], thing: FourEyes) -> None:
    """Put the digest of what a page shows behind its buttons.

    The page may be open while the thing is returned and submitted anew; a decision is on what the page shows.
    """
    for place in places:
        for button in place.get("items", [place]):
            button["path"] = decision_url(button["path"], thing)


@display(description=_("state"))
def state_label(thing: Any) -> str:
    """Coloured as its process says."""
    return badge(thing.get_state_display(), thing.process.tones[thing.state])


@display(description=_("submitted by"))
def submitter(thing: FourEyes) -> str:
    """By name; not everybody may open a colleague's page."""
    return str(thing.submitted_by or NOTHING)


@display(description=_("decided by"))
def decider(thing: FourEyes) -> str:
    return str(thing.decided_by or NOTHING)


@display(description=_("submitted at"))
def submitted(thing: FourEyes) -> str:
    return instant(thing.submitted_at)


@display(description=_("decided at"))
def decided(thing: FourEyes) -> str:
    return instant(thing.decided_at)


def with_approval(own: Sequence[Any], thing: FourEyes) -> Sequence[Any]:
    """The page's own fields; once something was submitted, who did, who decided, and why."""
    if thing.submitted_by_id is None:
        return own
    fields = ((submitter, submitted), (decider, decided), "decision_reason")
    return (*own, (_("Approval"), {"fields": fields}))
