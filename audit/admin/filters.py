"""Filters of the audit log."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _


class DayFilter(SimpleListFilter):
    """The last days; a link may name any one day."""

    title, parameter_name = _("day"), "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        today = localdate()
        yesterday = today - timedelta(days=1)
        return [(today.isoformat(), _("today")), (yesterday.isoformat(), _("yesterday")), ("week", _("last 7 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = self._days()
        if first is None or last is None:
            return queryset
        return queryset.filter(at__gte=_midnight(first), at__lt=_midnight(last + timedelta(days=1)))

    def _days(self) -> tuple[date | None, date | None]:
        if self.value() == "week":
            return localdate() - timedelta(days=6), localdate()
        try:
            day = date.fromisoformat(self.value() or "")
        except ValueError:
            return None, None
        return day, day


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))
