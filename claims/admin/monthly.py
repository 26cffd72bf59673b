"""The claims' tables of the monthly reports."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.monthly import MonthlyTable
from claims.selectors.monthly import PaidByKind, payments_by_kind, payments_by_provider
from policies.engine.vocabulary import Benefit, Employment, InsuredStatus, Tier
from policies.labels import label

PERMISSION = "claims.view_settlement"
_NOTE = gettext_lazy("Standing settlements of claims served in the month.")


def _kind(row: PaidByKind) -> Any:
    if row.employment is None or row.status is None:
        return _("not enrolled on the day")
    return f"{label(row.employment, Employment)} · {label(row.status, InsuredStatus)}"


_PAID = (
    column.number("paid__claims", gettext_lazy("Claims")),
    column.yuan("paid__expense", gettext_lazy("Expense, yuan")),
    column.yuan("paid__fund", gettext_lazy("Paid by the fund, yuan")),
    column.yuan("paid__account", gettext_lazy("From accounts, yuan")),
    column.yuan("paid__cash", gettext_lazy("Cash, yuan")),
)

BY_KIND = MonthlyTable(
    place=20,
    title=gettext_lazy("Payments by tier, benefit and kind of member"),
    permission=PERMISSION,
    note=_NOTE,
    columns=(
        column.text(lambda row: label(row.tier, Tier), gettext_lazy("Tier")),
        column.text(lambda row: label(row.benefit, Benefit), gettext_lazy("Benefit")),
        column.text(_kind, gettext_lazy("Members")),
        *_PAID,
    ),
    rows=payments_by_kind,
)

BY_PROVIDER = MonthlyTable(
    place=30,
    title=gettext_lazy("Payments by provider"),
    permission=PERMISSION,
    note=_NOTE,
    columns=(
        column.text("code", gettext_lazy("Provider code")),
        column.text("name", gettext_lazy("Provider name")),
        *_PAID,
    ),
    rows=payments_by_provider,
)

TABLES = (BY_KIND, BY_PROVIDER)
