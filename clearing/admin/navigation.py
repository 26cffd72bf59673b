"""The pages of settling with providers in the sidebar."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page
from agency.models import Role


def _list(place: int, title: Promise, icon: str, model: str, roles: Collection[Role] = ()) -> Page:
    return Page(CLAIMS, place, title, icon, f"clearing_{model}_changelist", f"clearing.view_{model}", roles=roles)


PAGES = (
    _list(30, _("Files of settlements"), "upload_file", "settledfile", roles=(Role.CLERK,)),
    _list(40, _("Settled records"), "compare_arrows", "settledrecord"),
    _list(
        80,
        _("Provider statements"),
        "request_page",
        "providerstatement",
        roles=(Role.SUPERVISOR, Role.FINANCE),
    ),
    _list(90, _("Audit deductions"), "remove_circle", "auditdeduction"),
    _list(100, _("Years' clearings"), "event_available", "yearclearing", roles=(Role.FINANCE,)),
)
