"""What colleagues wrote, on the page of the thing it is about."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from agency.admin import column
from agency.admin.column import Column
from agency.admin.formats import instant
from agency.admin.panels import RowsPanel
from agency.admin.permissions import may
from agency.admin.views import page_url
from notes.admin.tasks import in_paragraphs, tasks_of
from notes.models import Note
from notes.selectors.notes import notes_about
from notes.services.notes import WRITE


def written(note: Note) -> SafeString:
    """Who, and when."""
    return format_html('{}<br><span class="whitespace-nowrap">{}</span>', note.author, instant(note.written_at))


class NotesPanel(RowsPanel):
    """Newest first, each with whom it asks; whoever is asked finishes it here, and another is written here."""

    name = "notes"
    title = gettext_lazy("Notes")
    tab = False
    permission = "notes.view_note"
    template = "notes/panel.html"
    per_page = 10
    empty = gettext_lazy("No note yet. “Write a note” tells colleagues what they should know.")

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """With the ways on for whoever looks."""
        user = self.request.user
        return [
            column.text(written, gettext_lazy("Written by")),
            column.written(in_paragraphs, "text", pgettext_lazy("of colleagues", "Note")),
            column.text(lambda note: tasks_of(note, user), gettext_lazy("Tasks")),
        ]

    def rows(self) -> Any:
        return notes_about(self.obj)

    def context(self) -> dict[str, Any]:
        """With the way to the form, for whoever writes notes."""
        is_writer = may(self.request.user, WRITE, self.obj)
        return super().context() | {"writing_url": page_url(self.obj, "write_a_note") if is_writer else ""}
