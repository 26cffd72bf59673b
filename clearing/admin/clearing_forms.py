"""What a year's clearing is drafted from, and the statements that it sums up."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.fields import CountField, SearchField, TextField, YuanField
from agency.admin.forms import DeskForm
from agency.admin.panels import RowsPanel
from clearing.models import YearClearing


class RetentionForm(DeskForm):
    """What the fund keeps of the retention, and why."""

    kept = YuanField(label=gettext_lazy("Kept by the fund"), initial=0)
    assessment = TextField(
        label=gettext_lazy("Outcome of the yearly assessment"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Required where the fund keeps something."),
    )


class ClearingForm(RetentionForm):
    field_order = ("provider", "year", "kept", "assessment")
    provider = SearchField(source=YearClearing._meta.get_field("provider"), label=gettext_lazy("Provider"))
    year = CountField(label=gettext_lazy("Year"), min_value=2000, max_value=2199, initial=lambda: localdate().year - 1)


class StatementsPanel(RowsPanel):
    """The statements that are summed up."""

    name = "statements"
    title = gettext_lazy("Statements of the year")
    tab = False
    permission = "clearing.view_providerstatement"
    columns = (
        column.month("month").leading(),
        column.text("state"),
        column.yuan("pooled"),
        column.yuan("deducted"),
        column.yuan("retained"),
        column.yuan("payable"),
    )

    def rows(self) -> Any:
        """In the order of the months."""
        return self.obj.provider.statements.filter(month__year=self.obj.year).order_by("month")
