"""The audit log: who did and saw what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Every act of a signed-in person, and the whole story of a row."""

    name = "audit"
    verbose_name = _("Audit log")

    navigation = ("audit.admin.navigation.PAGES",)
    page_buttons = {"members.member": ["audit.admin.reveal.reveal", "audit.admin.story.who_saw"]}

    role_permissions = {
        "clerk": ["reveal_personal_numbers"],
        "supervisor": ["reveal_personal_numbers", "view_access"],
        "auditor": ["view_access"],
        "system_administrator": ["view_access"],
    }

    def ready(self) -> None:
        """Hear of sign-ins."""
        from audit import signing_in  # noqa: F401
