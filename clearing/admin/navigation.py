"""The pages of settling with providers in the sidebar."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import CLAIMS, Page


def _list(place: int, title: Promise, icon: str, model: str) -> Page:
    return Page(CLAIMS, place, title, icon, f"clearing_{model}_changelist", f"clearing.view_{model}")


PAGES = (
    _list(30, _("Files of settlements"), "upload_file", "settledfile"),
    _list(40, _("Settled records"), "compare_arrows", "settledrecord"),
    _list(80, _("Provider statements"), "request_page", "providerstatement"),
    _list(90, _("Audit deductions"), "remove_circle", "auditdeduction"),
    _list(100, _("Years' clearings"), "event_available", "yearclearing"),
)
