"""Yearly interest: submitted with its rate by one person, approved by another, posted by workers."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.run_panels import PostingPanel
from accounts.models import YearlyInterest
from accounts.services import interest as service
from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import CountField, PercentField, RegionField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from agency.admin.jobs import job_column
from agency.admin.moves import move_button


class InterestForm(ReasonedForm):
    """Which region's accounts, for which year, at which rate, and where the rate stands."""

    region = RegionField()
    year = CountField(label=gettext_lazy("Year"), min_value=2000, max_value=2199, initial=lambda: localdate().year - 1)
    rate = PercentField(label=gettext_lazy("Yearly rate"), fraction_places=6)
    source = TextField(
        label=gettext_lazy("Document it stands in"),
        max_length=200,
        help_text=gettext_lazy("Number and title of the document that sets the rate."),
    )


@admin.register(YearlyInterest)
class YearlyInterestAdmin(TrackedAdmin):
    """Interest by year, the newest first. Its states are called as those of a credit run, whose panel shows them."""

    adds_with = "submit"
    panels = (PostingPanel,)
    buttons = ("approve", "refuse")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("title", "rate_percent", "source", "state_label", "posted_count", "amount_yuan", "submitted_by")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "submitted_by")
    search_fields = ("region__name__startswith", "region__name_en__istartswith")
    search_help_text = gettext_lazy("Beginning of the region's name")
    ordering = ("-year", "region_id", "-id")
    fieldsets = (
        (
            None,
            {"fields": (("region", "year_name"), ("rate_percent", "source"), ("state_label", "posting_job"))},
        ),
    )

    title = column.text()
    year_name = column.text("year")
    rate_percent = column.percent("rate")
    posting_job = job_column("job")
    posted_count = column.number("entry_count")
    amount_yuan = column.yuan("amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        return super().get_queryset(request).select_related("region", "job", "submitted_by", "decided_by")

    @form_action(
        gettext_lazy("Submit yearly interest"),
        permission="accounts.add_yearlyinterest",
        form=InterestForm,
        description=gettext_lazy(
            "Each account that is not closed bears interest on every day's balance of a year that is over. "
            "Nothing is posted until another person has approved it."
        ),
    )
    def submit(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        interest = service.submit_interest(**data, today=localdate(), actor=request.user)
        return Done(_("The interest waits for another person's approval."), interest)

    @move_button(
        YearlyInterest,
        "approve",
        title=gettext_lazy("Approve and post"),
        icon="done_all",
        description=gettext_lazy(
            "Workers then give each account its interest once, posted on the last day of the year."
        ),
    )
    def approve(self, request: DeskRequest, interest: YearlyInterest, data: dict[str, Any]) -> str:
        service.approve_interest(interest, actor=request.user, **data)
        return _("The interest is approved and being posted.")

    @move_button(
        YearlyInterest, "refuse", description=gettext_lazy("Nothing is posted; the year may be submitted again.")
    )
    def refuse(self, request: DeskRequest, interest: YearlyInterest, data: dict[str, Any]) -> str:
        service.refuse_interest(interest, actor=request.user, **data)
        return _("The interest was refused.")
