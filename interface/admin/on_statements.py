"""On a provider's monthly statement: whether its books of the month agreed with ours."""

from calendar import monthrange

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.panels import Table, TablesPanel
from interface.admin.reconciliation import agreement, days_of
from interface.models import Reconciliation


class ReconciledPanel(TablesPanel):
    name = "reconciled"
    title = gettext_lazy("Reconciled")
    permission = "interface.view_reconciliation"

    def tables(self) -> list[Table]:
        statement = self.obj
        month = statement.month
        last = month.replace(day=monthrange(month.year, month.month)[1])
        rows = Reconciliation.objects.filter(
            provider=statement.provider, first_day__lte=last, last_day__gte=month
        ).select_related("provider")
        columns = (
            column.text(days_of, _("Days")).leading(),
            column.yuan("their_total"),
            column.yuan("our_total"),
            column.text(agreement, _("Outcome")),
            column.instant("compared_at"),
        )
        empty = _("The provider has not compared its books of this month with ours.")
        return [Table.of(rows.order_by("first_day", "pk"), columns, empty=empty)]
