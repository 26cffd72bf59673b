"""All notes of a region: who wrote what when, about what."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.panels import Table, TablesPanel
from notes.admin.filters import ThingFilter
from notes.admin.tasks import TONES, excerpt, in_paragraphs, kind_and_thing
from notes.models import Note
from notes.selectors.notes import THING_ROWS


class TasksPanel(TablesPanel):
    """Whom the note asks, and what came of it."""

    name = "tasks"
    title = gettext_lazy("Tasks")
    tab = False
    permission = "notes.view_task"

    def tables(self) -> list[Table]:
        """One row per colleague."""
        columns = (
            column.text("assignee").leading(),
            column.badge("state", TONES),
            column.text("ended_by"),
            column.instant("ended_at"),
        )
        tasks = self.obj.tasks.select_related("assignee", "ended_by").order_by("pk")
        return [Table.of(tasks, columns, empty=_("The note asks nobody."))]


@admin.register(Note)
class NoteAdmin(ComposedAdmin):
    panels = (TasksPanel,)
    list_display = ("written", "kind", "thing", "beginning", "author", "region")
    list_filter = (RegionFilter, ThingFilter)
    list_select_related = ("author", "region", *THING_ROWS)
    search_fields = ("author__display_name__startswith", "author__username__istartswith")
    search_help_text = gettext_lazy("Beginning of the name of the colleague who wrote it")
    ordering = ("-id",)
    fields = (("kind", "thing"), "whole_text", ("writer", "written"))

    whole_text = column.written(in_paragraphs, "text")
    writer = column.text("author")
    written = column.instant("written_at")
    beginning = excerpt("text", gettext_lazy("text"))
    kind, thing = kind_and_thing()
