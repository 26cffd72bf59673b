"""On a policy version's page: what was settled under the law that held before, and the batch that puts it right."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.forms import ReasonedForm
from agency.admin.panels import Table, TablesPanel
from agency.admin.permissions import may
from claims.models import ResettlementBatch
from claims.selectors.former_law import FormerLaw, former_law, open_batch
from claims.services.resettlement_batches import draft_batch
from policies.models import PolicyVersion, VersionState
from policies.selectors.periods import has_past_days


def _found(version: PolicyVersion) -> FormerLaw:
    """Counted once for the page and its button, which look at the same row."""
    counted: dict[str, FormerLaw] = version.__dict__
    if "_desk_former_law" not in counted:
        counted["_desk_former_law"] = former_law(version)
    return counted["_desk_former_law"]


def _counted(version: PolicyVersion, caption: str = "") -> Table:
    found = _found(version)
    sums = (
        column.number("settlements", _("Settlements")),
        column.number("members", _("Members")),
        column.yuan("pooled", _("Paid by the funds")),
    )
    none = _("No settlement of its past days was made under the law that held before.")
    return Table.of([found] if found.settlements else [], sums, caption=caption, empty=none)


def settlements_of(version: PolicyVersion, user: Any) -> Table | None:
    """On the form that publishes it. None for whoever may not see settlements."""
    if not may(user, FormerLawPanel.permission, version):
        return None
    return _counted(version, _("Settled under the law that held before: a batch settles them anew"))


EFFECTS = (settlements_of,)


class FormerLawPanel(TablesPanel):
    """How many settlements of its past days stand under the law that held before, also before it is published."""

    name = "former_law"
    title = gettext_lazy("Settled under the law that held before")
    # Whoever publishes it sees this before.
    tab = False
    permission = "claims.view_settlement"

    def is_shown(self) -> bool:
        """Where days of the version are over and it is, or may become, the law."""
        version: PolicyVersion = self.obj
        return super().is_shown() and version.state != VersionState.DISCARDED and has_past_days(version, localdate())

    def tables(self) -> list[Table]:
        """What there is of it, and the batches that were made."""
        version: PolicyVersion = self.obj
        counted = _counted(version)
        batches = ResettlementBatch.objects.filter(version=version).select_related("version__region").order_by("-pk")
        columns = (
            column.link(),
            column.state(),
            column.number("concerned"),
            column.yuan("pooled_difference"),
            column.yuan("difference"),
        )
        made = Table.of(batches, columns, caption=_("Batches of re-settlements"))
        return [counted, made] if made.rows else [counted]


def can_be_settled_anew(version: PolicyVersion, user: Any) -> bool:
    """Published, and not in a batch already."""
    return (
        version.state == VersionState.PUBLISHED
        and has_past_days(version, localdate())
        and open_batch(version) is None
        and _found(version).settlements > 0
    )


@form_action(
    gettext_lazy("Settle anew what was settled before"),
    permission="claims.add_resettlementbatch",
    form=ReasonedForm,
    icon="swap_horiz",
    applies=can_be_settled_anew,
    description=gettext_lazy(
        "Workers calculate what was settled under the law that held before. Nothing is changed until another person "
        "has approved it."
    ),
)
def settle_anew(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> Done:
    """List it in a batch and go there."""
    batch = draft_batch(version, actor=request.user, reason=data["reason"])
    return Done(_("The workers calculate the batch."), batch)
