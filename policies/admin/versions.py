"""Policy versions: looked up by everybody; drafted, edited and submitted by one person, published by another."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.approval import ReturnForm, waits_for_another
from agency.admin.base import TrackedAdmin
from agency.admin.fields import DayField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, days
from agency.admin.forms import DecisionForm, ReasonedForm
from policies.admin.figures import citation
from policies.admin.panels import BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel
from policies.admin.refusals import OF_THE_LAW
from policies.admin.rule_form import rule
from policies.models import PolicyVersion, VersionState
from policies.services import versions as service

STATE_TONES: dict[str, str] = {
    VersionState.DRAFT.value: "info",
    VersionState.SUBMITTED.value: "warning",
    VersionState.PUBLISHED.value: "success",
    VersionState.DISCARDED.value: "",
}


class DraftForm(ReasonedForm):
    """What a new version is called and when it would hold."""

    label = TextField(label=gettext_lazy("Label"), max_length=32, help_text=gettext_lazy("such as 2025-01"))
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it is open.")
    )


def is_draft(version: PolicyVersion, user: Any) -> bool:
    """Being edited."""
    return version.state == VersionState.DRAFT


waits_for = waits_for_another(VersionState.SUBMITTED)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(TrackedAdmin):
    """Versions, the newest of each region first."""

    refusals = OF_THE_LAW
    panels = (BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel)
    buttons = ("draft", "submit", "publish", "send_back", "discard")
    views = (rule,)
    left_out_of_history = frozenset({"payload_hash"})

    list_display = ("label", "region", "in_force", "state_label", "instrument")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "instrument")
    search_fields = ("label__startswith", "instrument__number__contains")
    ordering = ("region_id", "-period")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("region", "label"),
                    ("in_force", "state_label"),
                    ("instrument", "rests_on"),
                    ("copied_from", "drafter"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        return (
            super()
            .get_queryset(request)
            .select_related("region", "instrument", "copied_from__region", "drafted_by", "submitted_by", "decided_by")
        )

    @display(description=gettext_lazy("in force"))
    def in_force(self, version: PolicyVersion) -> str:
        """First and last day."""
        return days(version.period)

    @display(description=gettext_lazy("drafted by"))
    def drafter(self, version: PolicyVersion) -> str:
        """Packs are drafted by nobody."""
        return str(version.drafted_by or NOTHING)

    @display(description=gettext_lazy("state"))
    def state_label(self, version: PolicyVersion) -> str:
        """Coloured."""
        return badge(version.get_state_display(), STATE_TONES[version.state])

    @display(description=gettext_lazy("entry into force"))
    def rests_on(self, version: PolicyVersion) -> str:
        """Where the first day stands."""
        return citation(version)

    @form_action(
        gettext_lazy("Draft a new version from this"),
        permission="policies.change_policyversion",
        form=DraftForm,
        icon="edit_document",
        description=gettext_lazy(
            "All rules are copied into a draft, which is edited, submitted, and published by another person."
        ),
    )
    def draft(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> Done:
        """Copy into a draft and go there."""
        made = service.draft_version(version, **data, actor=request.user)
        return Done(_("The draft %(label)s is ready to be edited.") % {"label": made.label}, made)

    @form_action(
        gettext_lazy("Submit"),
        permission="policies.change_policyversion",
        icon="send",
        primary=True,
        applies=is_draft,
        description=gettext_lazy("Another person then compares and publishes it. It can no longer be edited."),
    )
    def submit(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Hand over."""
        service.submit_version(version, actor=request.user)
        return _("The version waits for another person to publish it.")

    @form_action(
        gettext_lazy("Publish"),
        permission="policies.publish_policyversion",
        form=DecisionForm,
        icon="gavel",
        primary=True,
        applies=waits_for,
        description=gettext_lazy(
            "The version becomes law for its period and never changes again. The one before it ends the day before."
        ),
    )
    def publish(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Make it law."""
        service.publish_version(version, actor=request.user, today=localdate(), **data)
        return _("The version is published.")

    @form_action(
        gettext_lazy("Return"),
        permission="policies.publish_policyversion",
        form=ReturnForm,
        icon="undo",
        applies=waits_for,
        description=gettext_lazy("The version becomes a draft again."),
    )
    def send_back(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Back to its author."""
        service.return_version(version, actor=request.user, **data)
        return _("The version was returned.")

    @form_action(
        gettext_lazy("Discard"),
        permission="policies.change_policyversion",
        form=ReasonedForm,
        icon="delete",
        danger=True,
        applies=is_draft,
        description=gettext_lazy("The draft is given up; its label is free again."),
    )
    def discard(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Give up."""
        service.discard_version(version, actor=request.user, reason=data["reason"])
        return _("The draft was discarded.")
