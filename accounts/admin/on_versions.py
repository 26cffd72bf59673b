"""On the form that publishes a version for days that are over: the credited months that it concerns."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.selectors.former_law import credited_months
from agency.admin import column
from agency.admin.panels import Table
from agency.admin.permissions import may
from policies.models import PolicyVersion


def months_of(version: PolicyVersion, user: Any) -> Table | None:
    """None for whoever may not see credit runs."""
    if not may(user, "accounts.view_creditrun", version):
        return None
    found = credited_months(version)
    columns = (
        column.number("months", _("Months")),
        column.month("first", _("First month")),
        column.month("last", _("Last month")),
    )
    return Table.of(
        [found] if found.months else [],
        columns,
        caption=_("Credited before: the next credit run posts what differs"),
        empty=_("No month of it has been credited."),
    )


EFFECTS = (months_of,)
