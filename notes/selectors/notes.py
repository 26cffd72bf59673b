"""What was written about a thing, and what waits for whom."""

from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from notes.models import THINGS, Note, Task, TaskState

# The row that a note is about, with what it is called by.
THING_ROWS = ("member", "claim", "reimbursement__claim", "provider")


def column_of(thing: Model) -> str:
    """The column by which notes name such a thing. LookupError for what no notes are about."""
    name = str(thing._meta.model_name)
    if name not in THINGS:
        raise LookupError(f"no notes are about {thing._meta.label}")
    return name


def notes_about(thing: Model) -> QuerySet[Note]:
    """Newest first, each with its tasks and the names beside them."""
    tasks = Task.objects.select_related("assignee", "continued_by__assignee").order_by("pk")
    return (
        Note.objects.filter(**{column_of(thing): thing.pk})
        .select_related("author", "region")
        .prefetch_related(Prefetch("tasks", tasks))
        .order_by("-pk")
    )


def open_tasks_of(user: Any, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those that this colleague is to do, the oldest first."""
    return tasks.filter(assignee=user.pk, state=TaskState.OPEN).order_by("pk")
