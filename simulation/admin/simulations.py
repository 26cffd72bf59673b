"""Simulations: the report on the screen, on paper and as workbooks; both calculations of a claim side by side."""

import tempfile
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import day, listed
from agency.admin.list_exports import file_response
from agency.admin.views import page_url, row_view
from agency.exporting.files import XLSX
from agency.exporting.report import write_report
from agency.services.exports import Wanted, record_file
from policies.admin.refusals import OF_THE_LAW
from simulation.admin.on_versions import ASK, simulate_again
from simulation.admin.panels import (
    STATE_TONES,
    ClaimsPanel,
    CreditsPanel,
    LimitsPanel,
    PeoplePanel,
    RunningPanel,
    SummaryPanel,
    compared_with,
    difference,
    facts_of,
    months_of,
    sentences_of,
)
from simulation.admin.report import report_of
from simulation.admin.side_by_side import both_calculations
from simulation.models import Simulation, SimulationState
from simulation.services.simulations import UNFINISHED, cancel_simulation

READ = "simulation.view_simulation"


def _is_done(simulation: Simulation, user: Any) -> bool:
    return simulation.state == SimulationState.DONE


@form_action(
    gettext_lazy("Cancel"),
    permission=ASK,
    icon="cancel",
    danger=True,
    applies=lambda simulation, user: simulation.state in UNFINISHED,
    description=gettext_lazy("The workers stop after the parts that they are at. What was calculated is dropped."),
)
def cancel(page: Any, request: DeskRequest, simulation: Simulation, data: dict[str, Any]) -> str:
    cancel_simulation(simulation, actor=request.user)
    return _("The simulation was cancelled.")


@form_action(
    gettext_lazy("Simulate again"),
    permission=ASK,
    icon="replay",
    applies=lambda simulation, user: simulation.state not in UNFINISHED,
    description=gettext_lazy("The same months, with the versions and the facts as they are now. This report stays."),
)
def again(page: Any, request: DeskRequest, simulation: Simulation, data: dict[str, Any]) -> Done:
    return Done(_("The simulation has been started."), simulate_again(simulation, request))


@link_action(gettext_lazy("Print"), permission=READ, icon="print", applies=_is_done)
def print_report(page: Any, request: HttpRequest, simulation: Simulation) -> str:
    return page_url(simulation, "paper")


@row_view("paper/", name="paper")
def paper(page: Any, request: HttpRequest, simulation: Simulation) -> HttpResponse:
    """The whole report, to print. Http404 while there is none."""
    report = report_of(_done(simulation))
    context = {
        "simulation": simulation,
        "region": simulation.region,
        "facts": facts_of(simulation),
        "sentences": sentences_of(simulation),
        "sections": [(section, section.table, "") for section in report.sections],
        "printed_on": day(localdate()),
        "back_url": page_url(simulation),
    }
    return TemplateResponse(request, "simulation/paper.html", context)


@row_view("file/", name="file")
def file(page: Any, request: HttpRequest, simulation: Simulation) -> HttpResponseBase:
    """All tables as a workbook, a sheet each; or the one that is named. It is recorded, so that it has to be sent."""
    report, wanted = report_of(_done(simulation)), request.POST.get("table", "")
    if request.method != "POST":
        return HttpResponseRedirect(page_url(simulation))
    sections = [each for each in report.sections if wanted in ("", each.name)]
    if not sections:
        raise Http404
    # Closed by the response that carries it.
    content = tempfile.TemporaryFile()  # noqa: SIM115
    about = f"{simulation.version} · {months_of(simulation)} · {_('compared with')} {compared_with(simulation)}"
    printed = _("Made on %(day)s") % {"day": day(localdate())}
    write_report(content, about, [each.part for each in sections], together=_("Together"), foot=printed)
    content.seek(0)
    label, rows, actor = page.opts.label_lower, sum(len(each.rows) for each in sections), request.user
    titles = listed([simulation, *(each.title for each in sections if wanted)])
    record_file(Wanted(label, "", XLSX, "", titles, simulation.region), rows=rows, actor=actor)  # type: ignore[arg-type]
    return file_response(content, "-".join(filter(None, (f"simulation-{simulation.pk}", wanted))), XLSX)


@row_view("claim/", name="change_of_claim", permission="claims.view_settlement")
def change_of_claim(page: Any, request: HttpRequest, simulation: Simulation) -> HttpResponse:
    """One of the largest changes with both calculations, by its place."""
    place = request.GET.get("place", "")
    changes = simulation.changes.select_related("claim__member", "claim__region", "claim__provider")
    is_number = place.isascii() and place.isdecimal() and len(place) < 4
    change = changes.filter(place=int(place)).first() if is_number else None
    if change is None:
        raise Http404
    context = page.admin_site.each_context(request) | both_calculations(change)
    context |= {"title": _("Both calculations"), "back_url": f"{page_url(simulation)}#dataset-people"}
    return TemplateResponse(request, "simulation/change.html", context)


def _done(simulation: Simulation) -> Simulation:
    if simulation.state != SimulationState.DONE:
        raise Http404
    return simulation


@admin.register(Simulation)
class SimulationAdmin(ComposedAdmin):
    """The newest first."""

    refusals = OF_THE_LAW
    panels = (RunningPanel, SummaryPanel, ClaimsPanel, LimitsPanel, PeoplePanel, CreditsPanel)
    buttons = (again, print_report, cancel)
    views = (paper, file, change_of_claim)

    list_display = ("named", "region", "version_label", "months", "other", "state_label", "more", "asker", "asked")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "version", "compared_with", "asked_by")
    search_fields = ("version__label__startswith",)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("version_link", "other"),
                    ("months", "state_label"),
                    ("asker", "asked"),
                    ("as_of", "finished_at"),
                )
            },
        ),
    )

    named = column.serial()
    state_label = column.badge("state", STATE_TONES)
    version_label = column.text("version__label", gettext_lazy("policy version"))
    version_link = column.link("version")
    months = column.text(months_of, gettext_lazy("months"))
    other = column.text(compared_with, gettext_lazy("compared with"))
    more = column.text(difference, gettext_lazy("The fund pays more for visits, yuan"), is_figure=True)
    asker = column.text("asked_by")
    asked = column.instant("asked_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        return (
            super()
            .get_queryset(request)
            .select_related("region", "version__region", "compared_with__region", "asked_by", "job")
        )
