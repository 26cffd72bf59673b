"""The button on a policy version that asks what it would have cost."""

from datetime import date, timedelta
from typing import Any

from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.fields import MonthField
from agency.admin.forms import DeskForm
from policies.models import PolicyVersion, VersionState
from simulation.services.simulations import request_simulation

ASK = "simulation.add_simulation"


class AskForm(DeskForm):
    """Which months, and what to compare with."""

    first_month = MonthField(label=gettext_lazy("First month"))
    last_month = MonthField(label=gettext_lazy("Last month"))
    compared_with = ModelChoiceField(
        PolicyVersion.objects.none(),
        label=gettext_lazy("Compare with"),
        required=False,
        empty_label=gettext_lazy("the law that was in force"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Other versions of the region, also drafts of others."""
        super().__init__(*args, **options)
        if isinstance(self.obj, PolicyVersion):
            others = PolicyVersion.objects.filter(region=self.obj.region_id).exclude(pk=self.obj.pk)
            choices = others.exclude(state=VersionState.DISCARDED).select_related("region")
            self.fields["compared_with"].queryset = choices  # type: ignore[attr-defined]


def _last_twelve(version: Any) -> dict[str, date]:
    """The twelve months that are over."""
    last = (localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    following = last.month % 12 + 1
    return {"first_month": date(last.year - (following > 1), following, 1), "last_month": last}


def _is_there(version: Any, user: Any) -> bool:
    return bool(version.state != VersionState.DISCARDED)


@form_action(
    gettext_lazy("Simulate"),
    permission=ASK,
    form=AskForm,
    icon="query_stats",
    applies=_is_there,
    initial=_last_twelve,
    description=gettext_lazy(
        "The workers calculate what this version would have cost on the members and claims of these months, whatever"
        " its own days. Nothing is settled or posted."
    ),
)
def simulate(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> Done:
    """Ask, and go to the simulation's page, which shows how far it is."""
    asked = request_simulation(version, today=localdate(), actor=request.user, **data)
    return Done(_("The simulation has been started."), asked)


def simulate_again(simulation: Any, request: HttpRequest) -> Any:
    """The same months with the versions as they are now."""
    actor: Any = request.user
    return request_simulation(
        simulation.version,
        compared_with=simulation.compared_with,
        first_month=simulation.first_month,
        last_month=simulation.last_month,
        today=localdate(),
        actor=actor,
    )
