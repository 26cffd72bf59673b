"""What colleagues asked this person to do."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agency.admin.worklist import Queue, Turn
from notes.models import Task
from notes.selectors.notes import open_tasks_of
from notes.services.notes import FINISH


def _own(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return open_tasks_of(user, scope).select_related("note__author")


def _asked_by(task: Task) -> str:
    return _("asked by %(name)s") % {"name": task.note.author}


QUEUES = (Queue(Turn.ASKED, Task, FINISH, _own, _asked_by, lambda task: task.note.written_at, is_own=True),)
