"""The report on a simulation's page, and the simulations of a version on the version's."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.formats import NOTHING, day, link, month, number, yuan
from agency.admin.jobs import ProgressPanel
from agency.admin.panels import Panel, RowsPanel, Table
from agency.admin.sections import Section
from agency.admin.views import page_url
from claims.models import Claim
from simulation.admin.payments import fund_payments
from simulation.admin.report import Report, report_of
from simulation.models import LargestChange, Simulation, SimulationState
from simulation.services.simulations import UNFINISHED, is_stale
from simulation.services.tallies import DIMENSIONS

STATE_TONES: dict[str, str] = {
    SimulationState.QUEUED.value: "info",
    SimulationState.RUNNING.value: "warning",
    SimulationState.DONE.value: "success",
    SimulationState.FAILED.value: "danger",
    SimulationState.CANCELLED.value: "",
}


def months_of(simulation: Simulation) -> str:
    """The simulated months in words."""
    first, last = month(simulation.first_month), month(simulation.last_month)
    return first if first == last else f"{first} – {last}"


def compared_with(simulation: Simulation) -> str:
    """What stands on the side before."""
    return simulation.compared_with.label if simulation.compared_with else _("the law in force")


def difference(simulation: Simulation) -> Any:
    """What the fund would pay more for visits; a dash while it is not known."""
    return yuan(fund_payments(simulation.result).change) if simulation.result else NOTHING


def report_on_page(simulation: Simulation) -> Report:
    """The report, made once for a page."""
    report: Report | None = simulation.__dict__.get("_desk_report")
    if report is None:
        report = simulation.__dict__["_desk_report"] = report_of(simulation)
    return report


def sentences_of(simulation: Simulation) -> list[tuple[str, str]]:
    """What a reader has to know first, each with its tone."""
    said = []
    if is_stale(simulation):
        said.append(
            ("warning", _("The version was edited since: this report speaks of what it was. Simulate it again."))
        )
    check = simulation.result["check"]
    counts = {"visits": f"{check['visits']:,}", "differing": f"{check['differing']:,}"}
    if simulation.compared_with_id is not None:
        said.append(("", _("Both sides are versions that were not in force; nothing was settled under them.")))
    elif not check["differing"]:
        said.append(("", _("Check: under the unchanged law all %(visits)s settlements come out to the fen.") % counts))
    else:
        said.append(
            (
                "warning",
                _(
                    "Check: %(differing)s of %(visits)s settlements come out otherwise under the law in force than they"
                    " were settled, because a fact or the law was changed since. Both sides rest on the facts of now."
                )
                % counts,
            )
        )
    return said


class RunningPanel(ProgressPanel):
    """How far it is, or why there is no report."""

    name = "progress"

    def __init__(self, admin: Any, request: Any, obj: Simulation) -> None:
        super().__init__(admin, request, obj)
        self.simulation = obj

    def is_shown(self) -> bool:
        return self.simulation.state != SimulationState.DONE

    def is_running(self) -> bool:
        """Until it has ended."""
        return self.simulation.state in UNFINISHED

    def context(self) -> dict[str, Any]:
        """Of its job."""
        job = ProgressPanel(self.admin, self.request, self.simulation.job).context()
        return job | {"state": self.simulation.get_state_display()}


class SectionsPanel(Panel):
    """Some sections of the report, each with its chart, its table and its file."""

    template = "simulation/sections.html"
    names: ClassVar[Sequence[str]] = ()

    def is_shown(self) -> bool:
        """Once there is a report."""
        return super().is_shown() and self.obj.state == SimulationState.DONE

    @cached_property
    def sections(self) -> list[Section]:
        report = report_on_page(self.obj)
        return [each for each in map(report.section, self.names) if each is not None]

    def context(self) -> dict[str, Any]:
        file = page_url(self.obj, "file")
        return {"sections": [(each, each.table, file) for each in self.sections]}


class SummaryPanel(SectionsPanel):
    """What it comes to, and whether that can be relied on."""

    name = "summary"
    title = gettext_lazy("What it comes to")
    tab = False
    names = ("in_all", "projection", "refusals")

    def context(self) -> dict[str, Any]:
        differing = self.obj.result["check"]["claims"]
        context = {"sentences": sentences_of(self.obj), "tables": _named(differing), "file": page_url(self.obj, "file")}
        return super().context() | context


def _named(claims: Sequence[int]) -> list[Table]:
    if not claims:
        return []
    rows = Claim.objects.filter(pk__in=claims).select_related("region").order_by("served_on", "pk")
    columns = (column.link("", _("Claim")), column.day("served_on"), column.text("benefit"))
    return [Table.of(rows, columns, caption=_("Some of the claims that come out otherwise than they were settled"))]


class ClaimsPanel(SectionsPanel):
    """Yuan and claims, sorted in six ways."""

    name = "claims"
    title = gettext_lazy("Visits")
    names = DIMENSIONS


class LimitsPanel(SectionsPanel):
    name = "limits"
    title = gettext_lazy("Deductibles and ceilings")
    names = ("limits",)


class PeoplePanel(SectionsPanel):
    """Winners and losers, and the fifty largest changes, each with the way to both calculations."""

    name = "people"
    title = gettext_lazy("Who gains and loses")
    names = ("people", "largest")

    def context(self) -> dict[str, Any]:
        context = super().context()
        sections = [
            (section, self._with_ways(section) if section.name == "largest" else table, url)
            for section, table, url in context["sections"]
        ]
        return context | {"sections": sections}

    def _with_ways(self, section: Section) -> Table:
        def way(change: LargestChange) -> Any:
            return link(f"{page_url(self.obj, 'change_of_claim')}?place={change.place}", _("side by side"))

        columns = (*section.columns, column.text(way, _("Both calculations")))
        return Table.of(section.rows, columns, empty=section.empty)


class CreditsPanel(SectionsPanel):
    name = "credits"
    title = gettext_lazy("Credits")
    names = ("credits",)


class SimulationsPanel(RowsPanel):
    """On a policy version: what was simulated of it, the newest first."""

    name = "simulations"
    title = gettext_lazy("Simulations")
    permission = "simulation.view_simulation"
    empty = gettext_lazy("Nobody has simulated this version yet. “Simulate” shows what it would have cost.")
    columns = (
        column.serial().leading(),
        column.text(months_of, gettext_lazy("Months")),
        column.text(compared_with, gettext_lazy("Compared with")),
        column.badge("state", STATE_TONES),
        column.text(difference, gettext_lazy("The fund pays more for visits, yuan"), is_figure=True),
        column.text("asked_by"),
        column.instant("asked_at"),
    )

    def rows(self) -> Any:
        rows = Simulation.objects.filter(version=self.obj)
        return rows.select_related("version", "compared_with", "asked_by").order_by("-pk")


def facts_of(simulation: Simulation) -> list[tuple[Any, Any]]:
    """What was simulated, for paper."""
    check = simulation.result["check"]
    return [
        (_("Policy version"), simulation.version.label),
        (_("Compared with"), compared_with(simulation)),
        (_("Months"), months_of(simulation)),
        (_("On the facts of"), day(simulation.as_of)),
        (_("Visits"), number(check["visits"] or sum(c[0] for c in simulation.result["dimensions"]["month"].values()))),
        (_("Members"), number(simulation.result["members"])),
        (_("Asked by"), simulation.asked_by or NOTHING),
    ]
