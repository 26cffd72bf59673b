"""The desk that one works at."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The home page, the sidebar, what waits for whom; it draws what the apps below declare."""

    name = "desk"
    verbose_name = _("Desk")

    page_panels = {"agency.job": ["desk.admin.verification.ChecksPanel"]}
    list_buttons = {"agency.job": ["desk.admin.verification.verify_books"]}
    schedule = ("desk.tasks.SCHEDULE",)
    books_checks = ("desk.sealed_books.SEALED",)
    navigation = ("desk.fund.PAGES",)
    job_kinds = {"verify_books": _("verification of the books"), "add_up_months": _("adding up of the months")}
    job_results = {
        "looked_at": _("rows looked at"),
        "differences": _("rows that differ"),
        "months": _("months added up"),
    }

    # The fund as a whole is for those who answer for it; a clerk sees the month, and every claim.
    role_permissions = {role: ["view_regionmonth"] for role in ("supervisor", "policy_officer", "finance", "auditor")}
