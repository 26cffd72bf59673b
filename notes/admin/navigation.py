"""Notes and tasks among the pages of the desk."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import OFFICE, Page

# The sidebars are full: whom something is asked finds it on the home page, and both here among all pages.
PAGES = (
    Page(OFFICE, 5, _("My tasks"), "task_alt", "notes_task_changelist", "notes.view_task"),
    Page(OFFICE, 6, _("Notes"), "sticky_note_2", "notes_note_changelist", "notes.view_note"),
)
