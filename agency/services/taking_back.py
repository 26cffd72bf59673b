"""Taking back what was recorded by mistake: the row goes, its history stays, and what it ended holds again."""

from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REASON_LENGTH


def still_there(rows: Any, pk: int) -> Any:
    """The row of a model's manager with this id. DomainError where it was removed since."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise DomainError(_("It was removed since."))
    return row


def tracked_delete(obj: Any, actor: User | None, reason: str) -> None:
    """Delete a tracked row under a person's name and a reason. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    obj._history_user = actor
    obj._change_reason = reason[:REASON_LENGTH]
    obj.delete()


def check_nothing_rests_on(obj: models.Model, *, besides: frozenset[str] = frozenset()) -> None:
    """DomainError that names the rows which refer to this one. besides: relations that go with it, by their names."""
    resting = []
    for relation in obj._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or isinstance(relation, models.ManyToManyRel):
            continue
        # A history refers to what it is of and outlives it.
        if relation.on_delete is models.DO_NOTHING or relation.name in besides:
            continue
        rows: Any = relation.related_model
        count = rows._base_manager.filter(**{relation.field.name: obj}).count()
        if count:
            resting.append(format_lazy("{} ({})", rows._meta.verbose_name_plural, count))
    if resting:
        what = ", ".join(map(str, resting))
        raise DomainError(_("Something rests on this: %(what)s. Take that back first.") % {"what": what})


def period_before(made: Any, earlier: Any) -> DateRange | None:
    """The period that `earlier` had until the act that made `made` ended it; None where another act did.

    One act is known by its person and its reason, in which an import names its job. Both have a history and a period.
    """
    begun = made.history.earliest("history_id")
    cut, *before = earlier.history.order_by("-history_id")[:2]
    is_same_act = (cut.history_user_id, cut.history_change_reason) == (
        begun.history_user_id,
        begun.history_change_reason,
    )
    if not is_same_act or not before or before[0].period == cut.period:
        return None
    period: DateRange = before[0].period
    return period
