"""Pages of notes and tasks."""

from notes.admin import notes, tasks

__all__ = ["notes", "tasks"]
