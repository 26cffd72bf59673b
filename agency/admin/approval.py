"""Who submitted and who decided, on every page of something that four eyes approve."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from agency.admin.fields import ReasonField
from agency.admin.formats import NOTHING, instant
from agency.admin.forms import DecisionForm
from agency.models import FourEyes

# Of everything that is submitted and then approved or refused.
DECISION_TONES = {"submitted": "warning", "approved": "success", "refused": ""}


class ReturnForm(DecisionForm):
    """Sending back says why."""

    reason = ReasonField(label=_("Why it is returned"))


class RefuseForm(DecisionForm):
    """A refusal says why."""

    reason = ReasonField(label=_("Why it is refused"))


def waits_for_another(submitted_state: str) -> Any:
    """A button for whoever did not submit, while the thing is submitted."""

    def applies(thing: Any, user: Any) -> bool:
        return thing.state == submitted_state and thing.submitted_by_id != user.pk

    return applies


class ShowsApproval:
    """Adds the submission and the decision to a page, once there is one."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The page's own fields, then the approval."""
        own = tuple(super().get_fieldsets(request, obj))  # type: ignore[misc]
        if obj is None or obj.submitted_by_id is None:
            return own
        fields = (("submitter", "submitted"), ("decider", "decided"), "decision_reason")
        return (*own, (_("Approval"), {"fields": fields}))

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
