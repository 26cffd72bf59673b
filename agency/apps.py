"""The office itself: regions, staff, roles, approval and jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgencyConfig(AppConfig):
    """Floor one: nothing below it, everything above may use it."""

    name = "agency"
    verbose_name = _("Agency")

    # What is drawn or run elsewhere (`agency.declarations`).
    navigation = ("agency.admin.navigation.PAGES",)
    worklist = ("agency.admin.worklist.QUEUES",)
    schedule = ("agency.tasks.SCHEDULE",)

    # What each role may do with the models of this app; `sync_roles` collects the same attribute of every app.
    role_permissions = {
        "clerk": ["view_job", "view_poolingregion"],
        "supervisor": ["view_job", "view_poolingregion"],
        "policy_officer": ["view_job", "view_poolingregion", "change_poolingregion"],
        "finance": ["view_job", "view_poolingregion"],
        "auditor": ["view_job", "view_poolingregion", "view_user", "view_roleassignment", "view_rolerequest"],
        "system_administrator": [
            "view_job",
            "view_poolingregion",
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
