"""Policy versions: looked up by everybody; drafted, edited and submitted by one person, published by another."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from agency.admin.moves import move_button
from policies.admin.checks import ChecksPanel, PublishForm, SubmitForm
from policies.admin.comparing import changes_in_time, compare, differences_page, in_time
from policies.admin.edit_tables import tables
from policies.admin.figures import citation
from policies.admin.pack_files import download_pack, from_pack, pack
from policies.admin.panels import BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel
from policies.admin.refusals import OF_THE_LAW
from policies.admin.rule_form import rule
from policies.models import Instrument, PolicyVersion
from policies.services import versions as service
from policies.services.instruments import Passage


class DraftForm(ReasonedForm):
    """What a new version is called and when it would hold."""

    label = TextField(label=gettext_lazy("Label"), max_length=32, help_text=gettext_lazy("such as 2025-01"))
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it is open.")
    )
    instrument = ChoiceField(
        label=gettext_lazy("New document"),
        choices=(),
        required=False,
        help_text=gettext_lazy("Leave empty where the draft rests on the same document. Enter a new one first."),
    )
    article = TextField(label=gettext_lazy("Article on entry into force"), max_length=32, required=False)
    phrase = TextField(label=gettext_lazy("Its words on entry into force"), max_length=80, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        """With the documents of the region."""
        super().__init__(*args, **options)
        version: Any = self.obj
        documents = Instrument.objects.filter(region_id=version.region_id).exclude(pk=version.instrument_id)
        listed = [(str(each.pk), f"{each.number} {each.title}") for each in documents.order_by("-issued_on")]
        self.fields["instrument"].choices = [("", _("the same document")), *listed]  # type: ignore[attr-defined]


def _new_document(data: dict[str, Any]) -> Passage | None:
    """The document that was chosen for a draft, with its words on entry into force."""
    chosen, article, phrase = (data.pop(name) for name in ("instrument", "article", "phrase"))
    return Passage(Instrument.objects.get(pk=chosen), article, phrase) if chosen else None


@admin.register(PolicyVersion)
class PolicyVersionAdmin(TrackedAdmin):
    """Versions, the newest of each region first."""

    refusals = OF_THE_LAW
    panels = (BenefitsPanel, ConductPanel, CreditsPanel, DifferencesPanel, ChecksPanel)
    buttons = ("draft", "submit", "publish", "send_back", "discard", compare, changes_in_time, download_pack)
    list_buttons = (from_pack,)
    views = (rule, tables, pack, differences_page, in_time)
    left_out_of_history = frozenset({"payload_hash", "explained"})

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

    in_force = column.days("period")
    drafter = column.text("drafted_by", gettext_lazy("drafted by"))
    rests_on = column.text(citation, gettext_lazy("entry into force"))

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        return (
            super()
            .get_queryset(request)
            .select_related("region", "instrument", "copied_from__region", "drafted_by", "submitted_by", "decided_by")
        )

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
        made = service.draft_version(version, rests_on=_new_document(data), **data, actor=request.user)
        return Done(_("The draft %(label)s is ready to be edited.") % {"label": made.label}, made)

    @move_button(
        PolicyVersion,
        "submit",
        form=SubmitForm,
        description=gettext_lazy("Another person then compares and publishes it. It can no longer be edited."),
    )
    def submit(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        service.submit_version(version, actor=request.user, **data)
        return _("The version waits for another person to publish it.")

    @move_button(
        PolicyVersion,
        "publish",
        title=gettext_lazy("Publish"),
        form=PublishForm,
        icon="gavel",
        primary=True,
        description=gettext_lazy(
            "The version becomes law for its period and never changes again. The one before it ends the day before."
        ),
    )
    def publish(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        service.publish_version(version, actor=request.user, today=localdate(), **data)
        return _("The version is published.")

    @move_button(PolicyVersion, "return", description=gettext_lazy("The version becomes a draft again."))
    def send_back(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        service.return_version(version, actor=request.user, **data)
        return _("The version was returned.")

    @move_button(PolicyVersion, "discard", description=gettext_lazy("The draft is given up; its label is free again."))
    def discard(self, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        service.discard_version(version, actor=request.user, reason=data["reason"])
        return _("The draft was discarded.")
