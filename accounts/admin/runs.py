"""Monthly credit runs: drafted, checked and submitted by one person, approved by another."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.differences import approve_remedies, submit_remedies
from accounts.admin.run_downloads import DOWNLOADS, credits_csv, exceptions_csv
from accounts.admin.run_panels import (
    CheckPanel,
    DifferencesPanel,
    DueAfterClosingsPanel,
    ExceptionsPanel,
    PaidAfterClosingsPanel,
    PostingPanel,
)
from accounts.admin.run_summary import SummaryPanel, in_all
from accounts.models import CreditRun
from accounts.services import credit_runs as service
from accounts.services.credit_checks import is_being_checked, request_check
from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import DayField, MonthField, RegionField
from agency.admin.filters import RegionFilter
from agency.admin.forms import DecisionForm, DeskForm
from agency.admin.jobs import job_column
from agency.admin.moves import move_button
from agency.admin.panels import Table
from policies.admin.refusals import OF_THE_LAW


class DraftForm(DeskForm):
    """Which month, on the facts of which day."""

    region = RegionField()
    month = MonthField(label=gettext_lazy("Month"), initial=lambda: localdate().replace(day=1))
    as_of = DayField(label=gettext_lazy("Facts known on"), initial=localdate)


def is_not_being_checked(run: CreditRun, user: Any) -> bool:
    """No worker is at it."""
    return not is_being_checked(run)


class SubmitRunForm(DeskForm):
    """Nothing to enter, beside what is handed over."""

    @property
    def tables(self) -> Sequence[Table]:
        """As the check found it."""
        return in_all(cast(CreditRun, self.obj))


class ApproveRunForm(DecisionForm):
    """The decision, beside what it posts."""

    @property
    def tables(self) -> Sequence[Table]:
        """As the check found it."""
        return in_all(cast(CreditRun, self.obj))


@admin.register(CreditRun)
class CreditRunAdmin(TrackedAdmin):
    """Runs, the newest month first."""

    refusals = OF_THE_LAW
    adds_with = "draft"
    panels = (
        CheckPanel,
        PostingPanel,
        SummaryPanel,
        ExceptionsPanel,
        DueAfterClosingsPanel,
        PaidAfterClosingsPanel,
        DifferencesPanel,
    )
    buttons = (
        "check_run",
        "submit",
        "approve",
        "send_back",
        "discard",
        submit_remedies,
        approve_remedies,
        DOWNLOADS,
    )
    views = (credits_csv, exceptions_csv)
    left_out_of_history = frozenset({"payload_hash", "summary"})

    list_display = ("title", "month_name", "state_label", "posted_count", "amount_yuan", "submitted_by")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "submitted_by")
    search_fields = ("region__name__startswith", "region__name_en__istartswith")
    search_help_text = gettext_lazy("Beginning of the region's name")
    ordering = ("-month", "region_id", "-sequence")
    fieldsets = (
        (
            None,
            {"fields": (("region", "month_name"), ("sequence", "known_on"), ("state_label", "posted"), "posting_job")},
        ),
    )

    title = column.text()
    month_name = column.month("month")
    known_on = column.day("as_of")
    posting_job = job_column("job")
    posted_count = column.number("entry_count")
    amount_yuan = column.yuan("amount")
    posted = column.instant("posted_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        return super().get_queryset(request).select_related("region", "job", "submitted_by", "decided_by")

    @form_action(
        gettext_lazy("Draft a credit run"),
        permission="accounts.add_creditrun",
        form=DraftForm,
        description=gettext_lazy(
            "Nothing is posted until the run was checked, submitted, and approved by another person."
        ),
    )
    def draft(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        run = service.draft_run(**data, actor=request.user)
        return Done(_("The run is drafted. Check it next."), run)

    @move_button(
        CreditRun,
        "ask_for_check",
        title=gettext_lazy("Check"),
        also=is_not_being_checked,
        icon="fact_check",
        description=gettext_lazy("Finds out what would be posted and who cannot be credited. Nothing is posted."),
    )
    def check_run(self, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
        """Again after the facts were put right."""
        request_check(run, actor=request.user)
        return _("The run is being checked. What it finds appears on this page.")

    @move_button(CreditRun, "submit", form=SubmitRunForm, description=gettext_lazy("Another person then approves it."))
    def submit(self, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
        service.submit_run(run, actor=request.user)
        return _("The run waits for another person's approval.")

    @move_button(
        CreditRun,
        "approve",
        title=gettext_lazy("Approve and post"),
        form=ApproveRunForm,
        icon="done_all",
        description=gettext_lazy("Workers then post what the check found, each part once."),
    )
    def approve(self, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
        service.approve_run(run, actor=request.user, **data)
        return _("The run is approved and being posted.")

    @move_button(
        CreditRun, "return", description=gettext_lazy("It can then be checked again, submitted again, or discarded.")
    )
    def send_back(self, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
        service.return_run(run, actor=request.user, **data)
        return _("The run was returned.")

    @move_button(CreditRun, "discard", description=gettext_lazy("What it took up waits for the next run."))
    def discard(self, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
        service.discard_run(run, actor=request.user, reason=data["reason"])
        return _("The run was discarded.")
