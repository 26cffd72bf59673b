"""Review flags, each explained and decided with a reason."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import MonthField, ReasonField, RegionField
from agency.admin.filters import RegionFilter
from agency.admin.formats import day
from agency.admin.forms import DeskForm
from agency.admin.panels import Table, TablesPanel
from claims.admin.panels import time_of_service
from members.admin.search import search_by_member
from monitoring.admin.provider_months import provider_months, provider_months_csv
from monitoring.models import FlagState, ReviewFlag
from monitoring.selectors.flags import explain_facts, explain_flag
from monitoring.services.flags import REASON_ROOM, decide_flag, queue_flags

STATE_TONES: dict[str, str] = {
    FlagState.OPEN.value: "warning",
    FlagState.CONFIRMED.value: "danger",
    FlagState.DISMISSED.value: "",
}


class LookForm(DeskForm):
    """Where and when to look."""

    region = RegionField()
    month = MonthField(label=gettext_lazy("Month"), initial=lambda: localdate().replace(day=1))


class FlagDecisionForm(DeskForm):
    reason = ReasonField(label=gettext_lazy("Reason for the decision"), max_length=REASON_ROOM)


def from_to(first_day: date, last_day: date) -> str:
    """One day, or the first and the last."""
    first, last = day(first_day), day(last_day)
    return first if first == last else f"{first} – {last}"


def is_open(flag: ReviewFlag, user: Any) -> bool:
    return flag.state == FlagState.OPEN


class FlaggedClaimsPanel(TablesPanel):
    """The claims in which the pattern was found; account payments have none."""

    name = "claims"
    title = gettext_lazy("Claims")
    tab = False
    permission = "claims.view_claim"

    def tables(self) -> list[Table]:
        """One row per claim, in the order of service."""
        columns = (
            column.link("", _("Claim number")),
            column.text("provider"),
            column.text(time_of_service, _("Served on")),
            column.text("benefit"),
            column.text("state"),
        )
        claims = self.obj.claims.select_related("provider").order_by("served_on", "served_at", "pk")
        return [Table.of(claims, columns, empty=_("Found among account payments without a claim."))]


@admin.register(ReviewFlag)
class ReviewFlagAdmin(TrackedAdmin):
    panels = (FlaggedClaimsPanel,)
    buttons = ("confirm", "dismiss")
    list_buttons = ("look",)
    views = (provider_months, provider_months_csv)
    left_out_of_history = frozenset({"key", "facts"})
    list_display = ("title", "member", "provider", "days", "explanation", "state_label")
    list_filter = (RegionFilter, "state", "kind")
    list_select_related = ("member", "provider")
    search_fields = ("member__name",)
    get_search_results = search_by_member()
    search_help_text = gettext_lazy("Member number, beginning of the member's name")
    ordering = ("-id",)

    title = column.text()
    member_link = column.link("member")
    explanation = column.text(explain_flag, gettext_lazy("why it was raised")).filed_from(
        explain_facts, "kind", "facts"
    )
    days = column.text(lambda flag: from_to(flag.first_day, flag.last_day), gettext_lazy("days")).filed_from(
        from_to, "first_day", "last_day"
    )
    state_label = column.badge("state", STATE_TONES)
    raised = column.instant("raised_at")
    decider = column.text("decided_by")
    decided = column.instant("decided_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whom and what the page names."""
        return super().get_queryset(request).select_related("member", "provider", "decided_by")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was found; and once somebody has decided, who and why."""
        finding = (
            None,
            {"fields": (("title", "state_label"), ("member_link", "provider"), ("days", "raised"), "explanation")},
        )
        if obj is None or obj.state == FlagState.OPEN:
            return (finding,)
        return (finding, (gettext_lazy("Decision"), {"fields": (("decider", "decided"), "decision_reason")}))

    @form_action(
        gettext_lazy("Confirm as improper"),
        permission="monitoring.decide_reviewflag",
        form=FlagDecisionForm,
        icon="report",
        primary=True,
        applies=is_open,
        description=gettext_lazy(
            "The flag keeps your name and the reason. What is to follow, such as a reversal, is asked for at the claim."
        ),
    )
    def confirm(self, request: DeskRequest, flag: ReviewFlag, data: dict[str, Any]) -> str:
        decide_flag(flag, confirmed=True, actor=request.user, reason=data["reason"])
        return _("The flag is confirmed.")

    @form_action(
        gettext_lazy("Dismiss"),
        permission="monitoring.decide_reviewflag",
        form=FlagDecisionForm,
        icon="check",
        applies=is_open,
        description=gettext_lazy("There is a good explanation. The same pattern is not flagged again."),
    )
    def dismiss(self, request: DeskRequest, flag: ReviewFlag, data: dict[str, Any]) -> str:
        decide_flag(flag, confirmed=False, actor=request.user, reason=data["reason"])
        return _("The flag is dismissed.")

    @form_action(
        gettext_lazy("Look for patterns in a month"),
        permission="monitoring.decide_reviewflag",
        form=LookForm,
        icon="search",
        description=gettext_lazy("A worker looks; what was found before is not raised twice."),
    )
    def look(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        job = queue_flags(data["region"], month=data["month"], today=localdate(), actor=request.user)
        return Done(_("A worker is looking for patterns."), job)
