"""The jobs, with the button that verifies a region's books and what it found."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.formats import NOTHING
from agency.admin.panels import Table, TablesPanel
from claims.admin.forms import RegionForm
from desk.selectors import VERIFICATION
from desk.services.books import checks, queue_verification


class ChecksPanel(TablesPanel):
    """What a verification of the books looked at, check by check."""

    name = "checks"
    title = gettext_lazy("What was verified")
    tab = False

    def is_shown(self) -> bool:
        """Once there is something found."""
        return super().is_shown() and self.obj.kind == VERIFICATION and "checks" in self.obj.result

    def tables(self) -> list[Table]:
        """A row per check; ids only, whatever they belong to."""
        labels = {check.name: check.label for check in checks()}
        columns = (
            column.text(lambda wrong_rows: labels.get(wrong_rows["name"], wrong_rows["name"]), _("What has to hold")),
            column.number(lambda wrong_rows: wrong_rows["looked_at"], _("Rows looked at")),
            column.number(lambda wrong_rows: wrong_rows["differing"], _("Rows that differ")),
            column.text(_ids, _("Their ids")),
        )
        return [Table.of(self.obj.result["checks"], columns)]


def _ids(wrong_rows: dict[str, Any]) -> str:
    more = ["…"] if wrong_rows["differing"] > len(wrong_rows["examples"]) else []
    return ", ".join([*map(str, wrong_rows["examples"]), *more]) or NOTHING


@form_action(
    gettext_lazy("Verify the books"),
    permission="accounts.view_ledgerentry",
    form=RegionForm,
    icon="fact_check",
    description=gettext_lazy(
        "A worker recomputes balances, runs and usage from their rows and says what differs. Nothing is changed."
    ),
)
def verify_books(page: Any, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
    job = queue_verification(data["region"], actor=request.user)
    return Done(_("The books are being verified."), job)
