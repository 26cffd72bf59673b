"""Who submitted and who decided, on every page of something that four eyes approve."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from agency.admin.fields import ReasonField
from agency.admin.formats import NOTHING, badge, instant
from agency.admin.forms import DecisionForm
from agency.models import FourEyes


class ReturnForm(DecisionForm):
    """Sending back says why."""

    reason = ReasonField(label=_("Why it is returned"))


class RefuseForm(DecisionForm):
    """A refusal says why."""

    reason = ReasonField(label=_("Why it is refused"))


def state_badge(thing: FourEyes) -> SafeString:
    """The state in words, coloured as its process says."""
    return badge(thing.get_state_display(), thing.process.tones[thing.state])  # type: ignore[attr-defined]


def decision_url(address: str, thing: FourEyes) -> str:
    """The address of a button, with the digest of what the person sees who presses it."""
    return f"{address}?{urlencode({'seen': thing.payload_hash})}" if thing.payload_hash else address


class ShowsApproval:
    """Adds the submission and the decision to a page, once there is one; its buttons carry what was seen."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> Any:
        """The page may be open while the thing is returned and submitted anew; a decision is on what the page shows."""
        thing = options.get("obj")
        if thing is not None:
            for place in context.get("actions_detail", ()):
                for button in place.get("items", [place]):
                    button["path"] = decision_url(button["path"], thing)
        return super().render_change_form(request, context, *args, **options)  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The page's own fields, then the approval."""
        own = tuple(super().get_fieldsets(request, obj))  # type: ignore[misc]
        if obj is None or obj.submitted_by_id is None:
            return own
        fields = (("submitter", "submitted"), ("decider", "decided"), "decision_reason")
        return (*own, (_("Approval"), {"fields": fields}))

    @display(description=_("state"))
    def state_label(self, thing: FourEyes) -> str:
        """Coloured."""
        return state_badge(thing)

    @display(description=_("submitted by"))
    def submitter(self, thing: FourEyes) -> str:
        """By name; not everybody may open a colleague's page."""
        return str(thing.submitted_by or NOTHING)

    @display(description=_("decided by"))
    def decider(self, thing: FourEyes) -> str:
        """By name."""
        return str(thing.decided_by or NOTHING)

    @display(description=_("submitted at"))
    def submitted(self, thing: FourEyes) -> str:
        """Day and time."""
        return instant(thing.submitted_at)

    @display(description=_("decided at"))
    def decided(self, thing: FourEyes) -> str:
        """Day and time."""
        return instant(thing.decided_at)
