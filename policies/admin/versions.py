"""Policy versions: looked up by everybody; drafted, edited and submitted by one person, published by another."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, Done, FormAction, form_action, form_page
from agency.admin.approval import ShowsApproval
from agency.admin.base import TrackedAdmin
from agency.admin.fields import DayField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, days
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.moves import move_button
from policies.admin.figures import citation, rule_name
from policies.admin.panels import BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel
from policies.admin.refusals import AppliesLaw
from policies.admin.rule_form import RuleForm
from policies.models import RULE_MODELS, PolicyVersion, RuleRow
from policies.services import versions as service


class DraftForm(ReasonedForm):
    """What a new version is called and when it would hold."""

    label = TextField(label=gettext_lazy("Label"), max_length=32, help_text=gettext_lazy("such as 2025-01"))
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it is open.")
    )


@admin.register(PolicyVersion)
class PolicyVersionAdmin(AppliesLaw, ShowsApproval, TrackedAdmin):
    """Versions, the newest of each region first."""

    panels = (BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel)
    actions_detail = ("draft", "submit", "publish", "send_back", "discard")
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

    @move_button(
        PolicyVersion,
        "submit",
        description=gettext_lazy("Another person then compares and publishes it. It can no longer be edited."),
    )
    def submit(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Hand over."""
        service.submit_version(version, actor=request.user)
        return _("The version waits for another person to publish it.")

    @move_button(
        PolicyVersion,
        "publish",
        title=gettext_lazy("Publish"),
        form=DecisionForm,
        icon="gavel",
        primary=True,
        description=gettext_lazy(
            "The version becomes law for its period and never changes again. The one before it ends the day before."
        ),
    )
    def publish(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Make it law."""
        service.publish_version(version, actor=request.user, today=localdate(), **data)
        return _("The version is published.")

    @move_button(PolicyVersion, "return", description=gettext_lazy("The version becomes a draft again."))
    def send_back(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Back to its author."""
        service.return_version(version, actor=request.user, **data)
        return _("The version was returned.")

    @move_button(PolicyVersion, "discard", description=gettext_lazy("The draft is given up; its label is free again."))
    def discard(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        """Give up."""
        service.discard_version(version, actor=request.user, reason=data["reason"])
        return _("The draft was discarded.")

    # --- One rule of a draft ----------------------------------------------------------------------

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The form of one rule."""
        rule = ("<path:object_id>/rule/<slug:kind>/<int:row_id>/", "policies_policyversion_rule", self.rule_view)
        return (*super().get_custom_urls(), rule)

    def rule_view(self, request: HttpRequest, object_id: str, kind: str, row_id: int, **options: Any) -> HttpResponse:
        """Change one rule of a draft."""
        version = self.get_object(request, object_id)
        model = next((model for model in RULE_MODELS if model._meta.model_name == kind), None)
        row = model._default_manager.filter(version=version, pk=row_id).first() if version and model else None
        if row is None:
            raise Http404
        row.version = version
        action = FormAction(
            title=str(row._meta.verbose_name),
            permission=f"policies.change_{kind}",
            form=RuleForm,
            description=rule_name(row),
            submit=_("Save"),
            danger=False,
            template="agency/form_page.html",
            applies=None,
        )
        return form_page(self, request, action, version, _changed(row), row=row)


def _changed(row: RuleRow) -> Any:
    def perform(
        admin_page: PolicyVersionAdmin, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]
    ) -> str:
        entered = {name: value for name, value in data.items() if name != "reason"}
        changes = {name: value for name, value in entered.items() if value != getattr(row, name)}
        service.change_rule(row, changes, actor=request.user, reason=data["reason"])
        return _("%(rule)s was changed.") % {"rule": rule_name(row)}

    return perform
