"""The accounts' table of the monthly reports."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors.monthly import credits_of_month
from agency.admin import column
from agency.admin.monthly import MonthlyTable
from policies.engine.vocabulary import CreditComponent
from policies.labels import label

CREDITS = MonthlyTable(
    place=10,
    title=_("Credits by fund and kind"),
    permission="accounts.view_ledgerentry",
    note=_("Credits for the month, whenever they were posted; none that was reversed."),
    columns=(
        column.text("fund__label", _("Paid from")),
        column.text("kind__label", _("Kind")),
        column.text(lambda row: label(row.component, CreditComponent), _("Component")),
        column.number("credits", _("Number of credits")),
        column.yuan("amount", _("Yuan")),
    ),
    rows=credits_of_month,
)

TABLES = (CREDITS,)
