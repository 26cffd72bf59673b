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
    job_kinds = {"verify_books": _("verification of the books")}
    job_results = {"looked_at": _("rows looked at"), "differences": _("rows that differ")}
