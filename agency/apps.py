"""The office itself: regions, staff, roles, approval and jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_EVERYBODY = ["view_job", "view_poolingregion", "view_export"]


class AgencyConfig(AppConfig):
    """Floor one: nothing below it, everything above may use it."""

    name = "agency"
    verbose_name = _("Agency")

    # What is drawn or run elsewhere (`agency.declarations`).
    navigation = ("agency.admin.navigation.PAGES",)
    worklist = ("agency.admin.worklist.QUEUES",)
    alerts = ("agency.admin.alerts.WATCHES",)
    schedule = ("agency.tasks.SCHEDULE",)
    job_kinds = {"export": _("export of a list")}

    # Who decides, pays or administers, and signs in with a second factor.
    second_factor_roles = ("supervisor", "policy_officer", "finance", "system_administrator")

    # What each role may do with the models of this app; `sync_roles` collects the same attribute of every app.
    role_permissions = {
        "clerk": [*_EVERYBODY],
        "supervisor": [*_EVERYBODY, "hand_over_takencase"],
        "policy_officer": [*_EVERYBODY, "change_poolingregion"],
        "finance": [*_EVERYBODY],
        "auditor": [*_EVERYBODY, "view_export_of_colleagues", "view_user", "view_roleassignment", "view_rolerequest"],
        "system_administrator": [
            *_EVERYBODY,
            "add_poolingregion",
            "view_export_of_colleagues",
            "view_user",
            "add_user",
            "change_user",
            "view_roleassignment",
            "add_roleassignment",
            "change_roleassignment",
            "delete_roleassignment",
            "view_rolerequest",
            "approve_rolerequest",
        ],
    }

    def ready(self) -> None:
        """Register the system checks of this floor, and complete the pages, which the admin has found by now."""
        from django.contrib import admin

        from agency import checks  # noqa: F401
        from agency.admin.additions import complete_pages

        complete_pages(admin.site)
