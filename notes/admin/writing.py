"""The form that writes a note, on every page that notes are about."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.admin.actions import DeskRequest, form_action
from notes.admin.forms import NoteForm
from notes.services.notes import WRITE
from notes.services.notes import write_note as write


def stands_in_the_head(thing: Model, user: Any) -> bool:
    """Never: the panel offers it beside the notes, and heads of pages are full."""
    return False


@form_action(
    gettext_lazy("Write a note"),
    permission=WRITE,
    form=NoteForm,
    applies=stands_in_the_head,
    description=gettext_lazy("It stays with your name and the time; nobody can change or delete it."),
)
def write_a_note(page: Any, request: DeskRequest, thing: Model, data: dict[str, Any]) -> str:
    note = write(thing, **data, author=request.user)
    asked = note.tasks.count()
    if not asked:
        return _("The note is written.")
    return ngettext(
        "The note is written, and is on the list of one colleague.",
        "The note is written, and is on the lists of %(count)s colleagues.",
        asked,
    ) % {"count": asked}
