"""Buttons for the moves of a process (`agency.models.process`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.admin.actions import form_action
from agency.admin.approval import RefuseForm, ReturnForm
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.models import FourEyes
from agency.models.process import Whose
from agency.shortcuts import keys_of_move

# What most processes call a move, and how its button looks.
_BUTTONS: dict[str, dict[str, Any]] = {
    "submit": {"title": _("Submit"), "icon": "send", "primary": True},
    "approve": {"title": _("Approve"), "icon": "done", "primary": True, "form": DecisionForm},
    "refuse": {"title": _("Refuse"), "icon": "block", "form": RefuseForm},
    "return": {"title": _("Return"), "icon": "undo", "form": ReturnForm},
    "discard": {"title": _("Discard"), "icon": "delete", "danger": True, "form": ReasonedForm},
    "end": {"title": _("End"), "icon": "event_busy", "danger": True},
}


@dataclass(frozen=True, slots=True)
class OpenTo:
    """Whether a button makes sense: its move is open to the person, and whatever else the service asks holds."""

    move: str
    also: Callable[[Any, Any], bool] | None = None

    def __call__(self, obj: Any, user: Any) -> bool:
        """Of a row, to a person."""
        return obj.is_open_to(user, self.move) and (self.also is None or self.also(obj, user))


def move_button(
    model: type[FourEyes], move: str, *, also: Callable[[Any, Any], bool] | None = None, **options: Any
) -> Any:
    """The `form_action` of a move; the table says who may make it, and when. options: what is unusual about it."""
    named = {**_BUTTONS.get(move, {}), **options}
    decides = model.process.moves[move].whose is Whose.ANOTHER
    attrs = keys_of_move(move) if decides else None
    return form_action(
        permission=model.permission_for(move), applies=OpenTo(move, also), decides=decides, attrs=attrs, **named
    )
