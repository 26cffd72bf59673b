"""Notes and tasks in the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import OFFICE, Page
from agency.models import Role

PAGES = (
    Page(
        OFFICE,
        5,
        _("My tasks"),
        "task_alt",
        "notes_task_changelist",
        "notes.view_task",
        # The others, whose sidebars are full, find theirs on the home page and among all pages.
        roles=(Role.CLERK,),
    ),
    Page(OFFICE, 6, _("Notes"), "sticky_note_2", "notes_note_changelist", "notes.view_note"),
)
