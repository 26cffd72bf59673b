"""The law of a region in time, on the region's page: what held on which day, what holds, what will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.panels import Panel, Table
from agency.admin.views import page_url
from policies.admin.filling import written_value
from policies.models import PolicyVersion, VersionState
from policies.selectors.law_in_time import (
    figures_in_time,
    law_of_a_day,
    pensions_in_time,
    versions_in_time,
)

# The picture is drawn in a thousand steps, whatever it shows.
WIDTH = 1000
# Days that are seen of what has no end.
_AHEAD = timedelta(days=366)

_VERSIONS = (
    column.text("label").leading(),
    column.days("period"),
    column.state(),
    column.text("instrument__number", gettext_lazy("Document")),
    column.text("drafted_by", gettext_lazy("Drafted by")),
    column.text("decided_by"),
    column.instant("decided_at"),
)
_FIGURES = (
    column.text("benefit", gettext_lazy("Of")).leading(),
    column.text("kind"),
    column.text("tier"),
    column.text("status"),
    column.text(written_value, gettext_lazy("Value"), is_figure=True),
    column.days("period"),
    column.text("document_number"),
    column.text("article"),
    column.text("decided_by"),
    column.instant("decided_at"),
)
_PENSIONS = (
    column.text("year").leading(),
    column.yuan("monthly"),
    column.yes_no("is_final"),
    column.state(),
    column.text("source"),
    column.text("decided_by"),
    column.instant("decided_at"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A version in the picture: where it begins and how long it is, of `WIDTH`."""

    version: PolicyVersion
    x: float
    width: float
    lane: int
    url: str

    @property
    def is_labelled(self) -> bool:
        """Whether the label has room; where it has none, pointing at the bar shows it."""
        return self.width > 60


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars, the beginnings of years with their places, and the place of the day that is asked about."""

    bars: list[Bar]
    years: list[tuple[int, float]]
    day: float | None


def picture(versions: Sequence[PolicyVersion], day: date) -> Picture | None:
    """Published versions in one lane, those that may become law in another; None where there is none."""
    if not versions:
        return None
    first = min(each.period.lower for each in versions)
    ends = [each.period.upper or each.period.lower + _AHEAD for each in versions]
    last = max(*ends, localdate() + _AHEAD)
    days = (last - first).days

    def place(when: date) -> float:
        return round(WIDTH * (when - first).days / days, 1)

    bars = [
        Bar(
            each,
            place(each.period.lower),
            place(each.period.upper or last) - place(each.period.lower),
            0 if each.state == VersionState.PUBLISHED else 1,
            page_url(each),
        )
        for each in versions
    ]
    years = [(year, place(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)]
    return Picture(bars, years, place(day) if first <= day <= last else None)


class LawInTimePanel(Panel):
    """Versions, local figures and average pensions of a region, and what held on a day."""

    name = "law"
    title = gettext_lazy("Law in time")
    permission = "policies.view_policyversion"
    template = "policies/law_in_time.html"

    def context(self) -> dict[str, Any]:
        """The picture and the tables, with what held on the day that is asked about."""
        versions = list(versions_in_time(self.obj))
        held = law_of_a_day(self.obj, self._day())
        published = [each for each in versions if each.state == VersionState.PUBLISHED]
        return {
            "picture": picture(versions, held.day),
            "width": WIDTH,
            "held": held,
            "held_url": page_url(held.version) if held.version else "",
            "held_figures": Table.of(held.figures, _FIGURES) if held.figures else None,
            "changes_url": page_url(published[-1], "in_time") if published else "",
            "tables": [
                Table.of(versions, _VERSIONS, caption=_("Versions"), empty=_("No version yet: draft one from a pack.")),
                Table.of(figures_in_time(self.obj), _FIGURES, caption=_("Local figures")),
                Table.of(pensions_in_time(self.obj), _PENSIONS, caption=_("Average pensions")),
            ],
        }

    def _day(self) -> date:
        """The day in the address; today where there is none, or none that can be read."""
        try:
            return date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            return localdate()
