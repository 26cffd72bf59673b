"""Settled records of files: what was reported beside what we calculate, and the review of a difference."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.base import ComposedAdmin
from agency.admin.fields import TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, link
from agency.admin.forms import DeskForm
from agency.admin.views import page_url
from agency.models import User
from clearing.admin.settled_panels import SidesPanel, review_in_words, review_state
from clearing.models import RecordState, SettledRecord
from clearing.services.settled_files import review_difference

TONES: dict[str, str] = {
    RecordState.WAITING.value: "info",
    RecordState.WRONG.value: "danger",
    RecordState.KNOWN.value: "",
    RecordState.REGISTERED.value: "warning",
    RecordState.SETTLED.value: "success",
    RecordState.REFUSED.value: "warning",
}


class DifferenceFilter(SimpleListFilter):
    """Records that differ: those that wait for a review, or those that were reviewed."""

    title = gettext_lazy("differences")
    parameter_name = "difference"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to be reviewed")), ("reviewed", _("reviewed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By whether somebody has looked."""
        if self.value() == "open":
            return queryset.filter(differs=True, reviewed_by__isnull=True)
        return queryset.filter(reviewed_by__isnull=False) if self.value() == "reviewed" else queryset


class ReviewForm(DeskForm):
    finding = TextField(
        label=gettext_lazy("What was found"),
        max_length=300,
        help_text=gettext_lazy("Why the results differ, and what is done about it."),
    )


def can_be_reviewed(record: SettledRecord, user: Any) -> bool:
    """It differs, and nobody has looked."""
    return record.differs and record.reviewed_by_id is None


def _review(differs: bool, by: int | None, name: str, login: str, finding: str) -> Any:
    return review_in_words(None if by is None else User.named(name, login), finding) if differs else NOTHING


@admin.register(SettledRecord)
class SettledRecordAdmin(ComposedAdmin):
    """Records, the newest file first."""

    panels = (SidesPanel,)
    buttons = ("review",)
    list_display = ("claim_number", "file_link", "line", "member_number", "state_label", "review_label")
    list_filter = (RegionFilter, DifferenceFilter, "state")
    list_select_related = ("file__region", "reviewed_by")
    search_fields = ("claim_number__exact", "member_number__exact")
    search_help_text = gettext_lazy("Claim or member number")
    ordering = ("-file_id", "line")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claim_link", "state_label"),
                    ("member_number", "file_link"),
                    ("line", "review_label"),
                    "reviewed",
                )
            },
        ),
    )

    file_link = column.link("file")
    state_label = column.badge("state", TONES)
    review_label = column.text(
        lambda record: review_state(record) if record.differs else NOTHING, gettext_lazy("review of the difference")
    ).filed_from(_review, "differs", "reviewed_by", "reviewed_by__display_name", "reviewed_by__username", "finding")
    reviewed = column.instant("reviewed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        named = ("file__region", "claim__member__region", "claim__provider", "reviewed_by")
        return super().get_queryset(request).select_related(*named)

    @display(description=gettext_lazy("claim"))
    def claim_link(self, record: SettledRecord) -> str:
        """Where the calculation stands; the number alone where there is no claim."""
        return link(page_url(record.claim), record.claim) if record.claim else record.claim_number or NOTHING

    @form_action(
        gettext_lazy("Reviewed"),
        permission="clearing.change_settledrecord",
        form=ReviewForm,
        icon="fact_check",
        primary=True,
        applies=can_be_reviewed,
        description=gettext_lazy("Nothing is changed by it; what has to be taken back is taken back on the claim."),
    )
    def review(self, request: DeskRequest, record: SettledRecord, data: dict[str, Any]) -> str:
        review_difference(record, finding=data["finding"], actor=request.user)
        return _("The finding is recorded.")
