"""Pooling regions: they come with their packs; what an agency decides about one is switched here."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.forms import ReasonedForm
from agency.models import PoolingRegion
from agency.services.regions import switch_account_interest


def pays_interest(region: PoolingRegion, user: Any) -> bool:
    """The switch is on."""
    return region.pays_account_interest


def pays_no_interest(region: PoolingRegion, user: Any) -> bool:
    """The switch is off."""
    return not region.pays_account_interest


@admin.register(PoolingRegion)
class PoolingRegionAdmin(TrackedAdmin):
    """The regions, and the switch for interest on personal accounts."""

    actions_detail = ("begin_interest", "end_interest")
    list_display = ("name", "name_en", "admdvs", "slug", "pays_account_interest")
    search_fields = ("name__startswith", "name_en__istartswith", "=slug", "=admdvs")
    search_help_text = None
    fields = ("name", "name_en", "admdvs", "slug", "pays_account_interest")

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
        """With a reason."""
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
        """With a reason."""
        switch_account_interest(region, pays=False, actor=request.user, reason=data["reason"])
        return _("The region pays no interest on personal accounts any more.")
