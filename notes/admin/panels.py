"""What colleagues wrote, on the page of the thing it is about."""

from typing import Any

from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from agency.admin import column
from agency.admin.column import Column
from agency.admin.panels import RowsPanel
from notes.admin.tasks import tasks_of
from notes.models import Note
from notes.selectors.notes import notes_about


def text_of(note: Note) -> SafeString:
    """With its paragraphs."""
    return SafeString(linebreaks(note.text, autoescape=True))


class NotesPanel(RowsPanel):
    """Newest first, each with whom it asks; whoever is asked finishes it here."""

    name = "notes"
    title = gettext_lazy("Notes")
    tab = False
    permission = "notes.view_note"
    per_page = 10
    empty = gettext_lazy("No note yet. “Write a note” tells colleagues what they should know.")

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """With the ways on for whoever looks."""
        user = self.request.user
        return [
            column.instant("written_at"),
            column.text("author"),
            column.text(text_of, pgettext_lazy("of colleagues", "Note")),
            column.text(lambda note: tasks_of(note, user), gettext_lazy("Tasks")),
        ]

    def rows(self) -> Any:
        return notes_about(self.obj)
