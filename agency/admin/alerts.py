"""What somebody has to look at, although nothing waits for them: declared by rooms as `alerts`, shown on home."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext

from agency.admin.permissions import may
from agency.declarations import declared
from agency.models import Job, JobState, PoolingRegion
from agency.scoping import of_region, scoped
from agency.selectors.counting import COUNTED, counts_of

# A job that failed before has been seen, or is done again by now.
FAILED_WITHIN = timedelta(days=7)
# The clock sends a lost step again within the minute: what has not ended by then hangs.
STUCK_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence; `count` is what it counts, as far as it is counted. `tone` is warning or danger; `address` leads
    to the rows.
    """

    sentence: str
    count: int
    tone: str
    address: str


@dataclass(frozen=True, slots=True)
class Counted:
    """An alert that is to be made if there are such rows. `said` makes it of their number."""

    rows: QuerySet[Any]
    said: Callable[[int], Alert]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a room looks out for, on behalf of whoever holds a permission; the lowest place stands first.

    `look` is given the person and the regions in which they hold it: those that home shows.
    """

    place: int
    permission: str
    look: Callable[[Any, Sequence[PoolingRegion]], Iterable[Alert | Counted]]


def alerts_for(user: Any, regions: Sequence[PoolingRegion]) -> list[Alert]:
    """What is amiss in these regions, as far as the person may see it. All rows are counted by one query."""
    found: list[Alert | Counted] = []
    for watch in sorted(declared("alerts"), key=lambda watch: watch.place):
        seen = [region for region in regions if may(user, watch.permission, region)]
        if seen:
            found += watch.look(user, seen)
    counts = iter(counts_of(user, [each.rows for each in found if isinstance(each, Counted)]))
    alerts: list[Alert] = []
    for each in found:
        if isinstance(each, Alert):
            alerts.append(each)
        elif count := next(counts):
            alerts.append(each.said(count))
    return alerts


def in_words(count: int) -> str:
    """With a plus where there are more."""
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


def rows_at(model: str, regions: Sequence[PoolingRegion], **filters: Any) -> str:
    """The list of a model, filtered, and where it is about one region by that as well."""
    if len(regions) == 1:
        filters["region"] = regions[0].slug
    query = urlencode(filters)
    return reverse(f"admin:{model}_changelist") + (f"?{query}" if query else "")


def _jobs(user: Any, regions: Sequence[PoolingRegion]) -> Iterable[Counted]:
    """Jobs that failed this week, and jobs that hang."""
    now = timezone.now()
    jobs = of_region(scoped(Job.objects.all(), user), regions[0] if len(regions) == 1 else None)

    def failed(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s job failed in the last seven days.", "%(count)s jobs failed in the last seven days.", count
        )
        address = rows_at("agency_job", regions, state__exact=JobState.FAILED)
        return Alert(sentence % {"count": in_words(count)}, count, "warning", address)

    def queued(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s job has waited for a worker for hours. Ask whoever looks after the servers whether they run.",
            "%(count)s jobs have waited for a worker for hours. Ask whoever looks after the servers whether they run.",
            count,
        )
        address = rows_at("agency_job", regions, state__exact=JobState.QUEUED)
        return Alert(sentence % {"count": in_words(count)}, count, "danger", address)

    def running(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s job has been running for hours. Look how far it is.",
            "%(count)s jobs have been running for hours. Look how far they are.",
            count,
        )
        address = rows_at("agency_job", regions, state__exact=JobState.RUNNING)
        return Alert(sentence % {"count": in_words(count)}, count, "warning", address)

    yield Counted(jobs.filter(state=JobState.FAILED, finished_at__gt=now - FAILED_WITHIN), failed)
    yield Counted(jobs.filter(state=JobState.QUEUED, created_at__lt=now - STUCK_AFTER), queued)
    yield Counted(jobs.filter(state=JobState.RUNNING, started_at__lt=now - STUCK_AFTER), running)


WATCHES = (Watch(40, "agency.view_job", _jobs),)
