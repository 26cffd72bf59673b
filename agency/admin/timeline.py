"""Everything that happened to somebody or something in one line of time, from all rooms, the newest first.

A page lists functions `(user, row, before, limit)` that answer with events; rooms above add theirs by declaring
`page_timelines`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.column import Text
from agency.admin.panels import Panel
from agency.services.history import OWN_WORDS

SHOWN = 30
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened when; who did it and why, where that is known. `kind` is what the reader filters by."""

    at: datetime
    kind: str
    title: Text
    text: Text = ""
    address: str = ""
    who: Text = ""
    why: str = ""


Source = Callable[[Any, Any, datetime, int], Iterable[Event]]


class TimelinePanel(Panel):
    """The page's time line, read when its tab is opened: it asks every room."""

    name = "timeline"
    title = gettext_lazy("Time line")
    template = "agency/panels/timeline.html"
    is_lazy = True

    def context(self) -> dict[str, Any]:
        """The events of this part of the time line, of the kind that was chosen."""
        before = _moment(self.request.GET.get("before", ""))
        kind = self.request.GET.get("kind", "")
        # As many of each source as are shown: none of those that are left out can be among the newest.
        every = [
            event for source in self.admin.timelines for event in source(self.request.user, self.obj, before, SHOWN + 1)
        ]
        kinds = sorted({event.kind for event in every} | ({kind} if kind else set()))
        chosen = [event for event in every if kind in ("", event.kind)]
        newest = nlargest(SHOWN + 1, chosen, key=lambda event: event.at)
        older = ""
        if len(newest) > SHOWN:
            older = _query(kind, newest[SHOWN - 1].at.isoformat())
        return {
            "events": newest[:SHOWN],
            "address": self.address,
            "kinds": [(each, _query(each, ""), each == kind) for each in ["", *kinds]],
            "older": older,
            "is_newest": before == _LATEST,
            "newest": _query(kind, ""),
        }


def from_history(
    rows: QuerySet[Any], before: datetime, limit: int, kind: str, described: Callable[[Any], Text]
) -> Iterator[Event]:
    """Events of a history table, narrowed to one row's: registered, changed, deleted, by whom and why."""
    verbs = {"+": _("registered"), "~": _("changed"), "-": _("deleted")}
    records = rows.filter(history_date__lt=before).select_related("history_user").order_by("-history_date")[:limit]
    for record in records:
        why = record.history_change_reason or ""
        yield Event(
            record.history_date,
            kind,
            f"{record.instance._meta.verbose_name} · {verbs[record.history_type]}",
            described(record),
            who=str(record.history_user or ""),
            why=_(why) if why in OWN_WORDS else why,
        )


def label_of_state(row: Model) -> str:
    """The state of a row, or of its earlier state, in words."""
    return str(row.get_state_display())  # type: ignore[attr-defined]


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return _LATEST
    return moment if moment is not None and is_aware(moment) else _LATEST


def _query(kind: str, before: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("kind", kind), ("before", before)) if value})
    return f"?{query.urlencode()}"
