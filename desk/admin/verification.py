"""The jobs, with the button that verifies a region's books and what it found."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.formats import NOTHING, number
from agency.admin.panels import Column, Table, TablesPanel
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
            Column(_("What has to hold"), lambda wrong_rows: labels.get(wrong_rows["name"], wrong_rows["name"])),
            Column(_("Rows looked at"), lambda wrong_rows: number(wrong_rows["looked_at"]), is_figure=True),
            Column(_("Rows that differ"), lambda wrong_rows: number(wrong_rows["differing"]), is_figure=True),
            Column(_("Their ids"), _ids),
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
