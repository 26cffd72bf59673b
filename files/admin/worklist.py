"""Files that wait for whoever brought them."""

from typing import Any

from django.db.models import QuerySet

from agency.admin.worklist import Queue, Turn, its_state
from files.models import FileImport, ImportState


def _own_files(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    waiting = (ImportState.MATCHING, ImportState.PREVIEWED)
    return scope.filter(brought_by=user, state__in=waiting).order_by("brought_at")


QUEUES: tuple[Queue, ...] = (
    Queue(
        Turn.GO_ON, FileImport, "files.add_fileimport", _own_files, its_state, lambda row: row.brought_at, is_own=True
    ),
)
