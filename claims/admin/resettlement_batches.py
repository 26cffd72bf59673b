"""Batches of re-settlements: what a version published for past days concerns, calculated, then settled anew by two
people's decision.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest
from agency.admin.base import ComposedAdmin, TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import link
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.jobs import counted, job_column
from agency.admin.moves import move_button
from agency.admin.panels import Panel, RowsPanel, Table, TablesPanel
from agency.admin.views import list_url
from claims.admin.batch_paper import paper, print_paper
from claims.admin.resettlements import done, intended
from claims.models import BatchState, BatchYear, ResettlementBatch, YearState
from claims.services import resettlement_batches as service
from policies.admin.refusals import OF_THE_LAW

YEAR_TONES: dict[str, str] = {
    YearState.LISTED.value: "info",
    YearState.OTHERWISE.value: "warning",
    YearState.SAME.value: "",
    YearState.FAULTY.value: "danger",
    YearState.LEFT_OUT.value: "",
    YearState.SETTLED.value: "success",
    YearState.SKIPPED.value: "danger",
}
AT_WORK = (BatchState.PLANNING, BatchState.SETTLING)


class WorkPanel(Panel):
    """How far the workers are with the batch, and what they said."""

    name = "work"
    title = gettext_lazy("Progress")
    tab = False
    template = "agency/panels/progress.html"

    def is_shown(self) -> bool:
        return self.obj.state in AT_WORK and self.obj.job is not None

    def is_running(self) -> bool:
        """Until the workers are through, or broke off."""
        return self.is_shown() and self.obj.job.state in ("queued", "running")

    def context(self) -> dict[str, Any]:
        job = self.obj.job
        return {
            "state": job.get_state_display(),
            "counted": counted(job),
            "percent": job.percent,
            "log": job.log,
            "tables": [],
        }


class YearsPanel(RowsPanel):
    """The batch's members' years, what cannot be calculated first."""

    name = "years"
    title = gettext_lazy("Members' years")
    tab = False
    columns = (
        column.text(str, gettext_lazy("Member and year")).leading(),
        column.badge("state", YEAR_TONES),
        column.yuan("pooled_difference"),
        column.yuan("difference"),
        column.text("sentence"),
    )
    empty = gettext_lazy("No settlement is concerned.")

    def rows(self) -> Any:
        """What was calculated; those that come out the same are in the list of all."""
        years = self.obj.years.exclude(state=YearState.SAME).select_related("member")
        return years.order_by("state", "pk")


@admin.register(ResettlementBatch)
class ResettlementBatchAdmin(TrackedAdmin):
    """Batches, the newest first."""

    refusals = OF_THE_LAW
    buttons = ("submit", "approve", "refuse", "plan_again", "leave_out", "go_on", "discard", print_paper)
    views = (paper,)
    panels = (WorkPanel, YearsPanel)
    left_out_of_history = frozenset({"payload_hash"})
    list_display = (
        "title",
        "version",
        "region",
        "state_label",
        "concerned_count",
        "pooled_yuan",
        "difference_yuan",
        "submitted_by",
    )
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "version__region", "submitted_by")
    search_fields = ("version__label__startswith",)
    search_help_text = gettext_lazy("Beginning of the version's label")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("version_link", "state_label"),
                    ("region", "work"),
                    ("concerned_count", "all_years"),
                    ("pooled_yuan", "difference_yuan"),
                    ("reason", "left_out_because"),
                )
            },
        ),
    )

    title = column.serial()
    version_link = column.link("version")
    work = job_column("job")
    concerned_count = column.number("concerned")
    pooled_yuan = column.yuan("pooled_difference")
    difference_yuan = column.yuan("difference")
    left_out_because = column.text("left_out_for")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        named = ("region", "version__region", "version__instrument", "job", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    @admin.display(description=gettext_lazy("list of the years"))
    def all_years(self, batch: ResettlementBatch) -> str:
        """The way to all of them, to be filtered and taken out."""
        return link(f"{list_url(BatchYear)}?batch__id__exact={batch.pk}", _("all years of the batch"))

    @move_button(
        ResettlementBatch,
        "submit",
        description=gettext_lazy("Another person then looks at both amounts of every settlement and approves it."),
    )
    def submit(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.submit_batch(batch, actor=request.user)
        return _("The batch waits for another person.")

    @move_button(
        ResettlementBatch,
        "approve",
        form=DecisionForm,
        description=gettext_lazy(
            "Each settlement shown is taken back and settled anew; what is due is paid or recovered where it always is."
        ),
    )
    def approve(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.approve_batch(batch, actor=request.user, **data)
        return _("The workers settle the batch anew.")

    @move_button(ResettlementBatch, "refuse", description=gettext_lazy("Every settlement stays as it is."))
    def refuse(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.refuse_batch(batch, actor=request.user, **data)
        return _("The batch was refused.")

    @move_button(
        ResettlementBatch,
        "plan_again",
        title=gettext_lazy("Calculate again"),
        icon="refresh",
        description=gettext_lazy("Everything is listed and calculated as it is now, such as after a correction."),
    )
    def plan_again(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.plan_again(batch, actor=request.user)
        return _("The workers calculate the batch.")

    @move_button(
        ResettlementBatch,
        "leave_out",
        title=gettext_lazy("Leave out what cannot be calculated"),
        icon="playlist_remove",
        form=ReasonedForm,
        also=lambda batch, user: batch.years.filter(state=YearState.FAULTY).exists(),
        description=gettext_lazy("These members' years stay as they are and belong to a later batch."),
    )
    def leave_out(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.leave_out(batch, actor=request.user, reason=data["reason"])
        return _("They are left out.")

    @move_button(
        ResettlementBatch,
        "go_on",
        title=gettext_lazy("Go on"),
        icon="play_arrow",
        also=lambda batch, user: batch.job is None or batch.job.state == "failed",
        description=gettext_lazy("The work broke off. What is done stays done."),
    )
    def go_on(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.go_on(batch, actor=request.user)
        return _("The workers go on.")

    @move_button(ResettlementBatch, "discard", description=gettext_lazy("Every settlement stays as it is."))
    def discard(self, request: DeskRequest, batch: ResettlementBatch, data: dict[str, Any]) -> str:
        service.discard_batch(batch, actor=request.user, reason=data["reason"])
        return _("The batch was discarded.")


class LinesPanel(TablesPanel):
    """On a year's page: each of its settlements that comes out otherwise, before and after, and what was done."""

    name = "lines"
    title = gettext_lazy("What it changes")
    tab = False
    permission = "claims.view_settlement"

    def tables(self) -> list[Table]:
        year: BatchYear = self.obj
        found = [
            intended(
                year.plan.get("lines", []),
                caption=_("Calculated under the law now in force"),
                empty=_("No settlement of the year comes out otherwise."),
            )
        ]
        return [*found, done(year)] if year.state == YearState.SETTLED else found


@admin.register(BatchYear)
class BatchYearAdmin(ComposedAdmin):
    """The members' years of batches, each with its settlements before and after."""

    refusals = OF_THE_LAW
    panels = (LinesPanel,)
    list_display = ("title", "batch_link", "state_label", "pooled_yuan", "difference_yuan", "why_not")
    list_filter = (RegionFilter, "state")
    linked_lookups = frozenset({"batch__id__exact"})
    list_select_related = ("member", "batch__version__region")
    search_fields = ("member__member_number__exact",)
    search_help_text = gettext_lazy("Member number")
    ordering = ("-batch_id", "id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("batch_link", "state_label"),
                    ("member_link", "year_of"),
                    ("pooled_yuan", "difference_yuan"),
                    "why_not",
                )
            },
        ),
    )

    title = column.text("", gettext_lazy("Member and year"))
    batch_link = column.link("batch")
    member_link = column.link("member")
    year_of = column.text("year")
    state_label = column.badge("state", YEAR_TONES)
    pooled_yuan = column.yuan("pooled_difference")
    difference_yuan = column.yuan("difference")
    why_not = column.text("sentence")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        return super().get_queryset(request).select_related("member__region", "batch__version__region")
