"""Everything that is on record about one row: its own history, that of the rows that hang on it, and who did what to
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from agency.scoping import scoped
from audit.models import Access

# Of each table; who needs more goes to the history of the row itself.
ROOM = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a story: a history row (`record`, with the one before it) or an act of the log (`access`)."""

    at: datetime
    model: type[Model]
    key: Any
    record: Any = None
    before: Any = None
    access: Access | None = None


def story_of(row: Model, user: Any) -> list[Step]:
    """The steps that this person may see, the earliest first.

    Rows that hang on the row are those with a foreign key to it whose model keeps a history.
    """
    steps = list(_of_history(type(row), {"pk": row.pk}, user))
    for relation in row._meta.related_objects:
        related: Any = relation.related_model
        if relation.field.concrete and _keeps_history(related):
            steps.extend(_of_history(related, {relation.field.attname: row.pk}, user))
    acts = scoped(Access.objects.filter(subject=row._meta.label_lower, object_id=str(row.pk)), user)
    for access in acts.select_related("actor").order_by("-id")[:ROOM]:
        steps.append(Step(access.at, type(row), row.pk, access=access))
    return sorted(steps, key=lambda step: step.at)


def has_story(label: str) -> Any:
    """The model of that label if its rows have a history; None otherwise."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if _keeps_history(model) else None


def _keeps_history(model: Any) -> bool:
    return hasattr(model, "history") and hasattr(model.history, "model")


def _of_history(model: Any, of: dict[str, Any], user: Any) -> Iterator[Step]:
    lookup = {model._meta.pk.attname if name == "pk" else name: value for name, value in of.items()}
    records = scoped(model.history.filter(**lookup), user).select_related("history_user")
    earlier: dict[Any, Any] = {}
    for record in records.order_by("history_date", "history_id")[:ROOM]:
        key = getattr(record, model._meta.pk.attname)
        yield Step(record.history_date, model, key, record=record, before=earlier.get(key))
        earlier[key] = record
