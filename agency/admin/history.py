"""A row's changes in the reader's words."""

from typing import Any

from django.db.models import DateField, DecimalField
from django.db.models.fields.related import ForeignKey
from simple_history.template_utils import HistoricalRecordContextHelper

from agency.admin.formats import day, days
from agency.fields import masked


class DeltaInWords(HistoricalRecordContextHelper):
    """Labels instead of stored words, days instead of ranges; personal numbers masked."""

    def __init__(
        self, model: Any, record: Any, *, masked: frozenset[str] = frozenset(), left_out: frozenset[str] = frozenset()
    ) -> None:
        """masked: fields shown in part. left_out: fields that say nothing to a reader."""
        super().__init__(model, record)
        self.masked, self.left_out = masked, left_out

    def context_for_delta_changes(self, delta: Any) -> list[dict[str, Any]]:
        """Without what is left out."""
        kept = [change for change in delta.changes if change.field not in self.left_out]
        formatted = [self.format_delta_change(change) for change in kept]
        return [{"field": change.field, "old": change.old, "new": change.new} for change in formatted]

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """One side of a change."""
        if value is None or value == "":
            return ""
        if change.field in self.masked:
            # What is shorter than a phone number, such as a passport's, would else be shown nearly whole.
            text = str(value)
            return masked(text) if len(text) > 10 else masked(text, head=1, tail=1)
        field = self.model._meta.get_field(change.field)
        if getattr(field, "flatchoices", None):
            return str(dict(field.flatchoices).get(value, value))
        if hasattr(value, "lower_inc"):
            return days(value)
        if isinstance(field, DecimalField):
            return f"{value:,}"
        if isinstance(field, DateField):
            return day(value)
        return value if isinstance(field, ForeignKey) else str(value)
