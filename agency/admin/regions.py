"""Pooling regions: they come with their packs; what an agency decides about one is switched here."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import CountField, DivisionField, PercentField, TextField
from agency.admin.forms import ReasonedForm
from agency.models import PoolingRegion
from agency.services.regions import (
    MOST_DAYS,
    add_region,
    set_notable_rule_change,
    set_reimbursement_days,
    switch_account_interest,
)


def pays_interest(region: PoolingRegion, user: Any) -> bool:
    return region.pays_account_interest


def pays_no_interest(region: PoolingRegion, user: Any) -> bool:
    return not region.pays_account_interest


def days_of(region: PoolingRegion) -> dict[str, Any]:
    return {"days": region.reimbursement_days, "days_at_most": region.reimbursement_days_at_most}


class DaysForm(ReasonedForm):
    """The office's time limits for manual reimbursements."""

    days = CountField(
        label=gettext_lazy("Working days for a manual reimbursement"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("From the day on which the papers are complete."),
    )
    days_at_most = CountField(label=gettext_lazy("Working days at the most"), min_value=1, max_value=MOST_DAYS)


class NewRegionForm(ReasonedForm):
    """What the region is called everywhere."""

    name = TextField(label=gettext_lazy("Chinese name"), max_length=64)
    name_en = TextField(label=gettext_lazy("English name"), max_length=64)
    slug = TextField(
        label=gettext_lazy("Slug"),
        max_length=64,
        help_text=gettext_lazy("Its name in packs, files and commands: small letters, such as zaozhuang. It stays."),
    )
    admdvs = DivisionField(label=gettext_lazy("Administrative division code"))


class ShareForm(ReasonedForm):
    share = PercentField(label=gettext_lazy("Changes of more than"))


@admin.register(PoolingRegion)
class PoolingRegionAdmin(TrackedAdmin):
    """The regions, the switch for interest on personal accounts, and the office's time limits."""

    buttons = ("set_days", "set_notable_change", "begin_interest", "end_interest")
    adds_with = "add_region"
    list_display = ("name", "name_en", "admdvs", "slug", "pays_account_interest")
    search_fields = ("name__startswith", "name_en__istartswith", "=slug", "=admdvs")
    search_help_text = None
    fields = (
        "name",
        "name_en",
        "admdvs",
        "slug",
        "pays_account_interest",
        "reimbursement_days",
        "reimbursement_days_at_most",
        "notable_change",
    )

    notable_change = column.percent("notable_rule_change")

    @form_action(
        gettext_lazy("Add a region"),
        permission="agency.add_poolingregion",
        form=NewRegionForm,
        icon="add_location",
        description=gettext_lazy(
            "Give colleagues their roles in it next; a policy officer then drafts its law from a pack, and another "
            "person publishes it."
        ),
    )
    def add_region(self, request: DeskRequest, region: None, data: dict[str, Any]) -> Done:
        added = add_region(**data, actor=request.user)
        return Done(_("%(region)s is there. Give colleagues their roles in it.") % {"region": added}, added)

    @form_action(
        gettext_lazy("Set the time limits"),
        permission="agency.change_poolingregion",
        form=DaysForm,
        initial=days_of,
        icon="event_available",
        description=gettext_lazy(
            "How many working days a manual reimbursement takes is the office's own standard, and printed on the slip "
            "of missing papers. It holds for papers that are complete from now on."
        ),
    )
    def set_days(self, request: DeskRequest, region: PoolingRegion, data: dict[str, Any]) -> str:
        set_reimbursement_days(region, **data, actor=request.user)
        return _("The time limits are set.")

    @form_action(
        gettext_lazy("Set which changes of rules need a reason"),
        permission="agency.change_poolingregion",
        form=ShareForm,
        initial=lambda region: {"share": region.notable_rule_change},
        icon="rule",
        description=gettext_lazy(
            "Where a figure of a draft differs by more than this share of what it was, whoever submits it says why. It "
            "is the office's own standard; no regulation names one."
        ),
    )
    def set_notable_change(self, request: DeskRequest, region: PoolingRegion, data: dict[str, Any]) -> str:
        set_notable_rule_change(region, **data, actor=request.user)
        return _("The share is set.")

    @form_action(
        gettext_lazy("Pay interest on accounts"),
        permission="agency.change_poolingregion",
        form=ReasonedForm,
        icon="toggle_on",
        applies=pays_no_interest,
        description=gettext_lazy(
            "Yearly interest may then be submitted for this region, with the rate and the document it stands in."
        ),
    )
    def begin_interest(self, request: DeskRequest, region: PoolingRegion, data: dict[str, Any]) -> str:
        switch_account_interest(region, pays=True, actor=request.user, reason=data["reason"])
        return _("The region pays interest on personal accounts from now on.")

    @form_action(
        gettext_lazy("Stop paying interest"),
        permission="agency.change_poolingregion",
        form=ReasonedForm,
        icon="toggle_off",
        danger=True,
        applies=pays_interest,
        description=gettext_lazy("What was posted stays; what waits for approval can then only be refused."),
    )
    def end_interest(self, request: DeskRequest, region: PoolingRegion, data: dict[str, Any]) -> str:
        switch_account_interest(region, pays=False, actor=request.user, reason=data["reason"])
        return _("The region pays no interest on personal accounts any more.")
