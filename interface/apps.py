"""What providers' systems send live."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_message"]


class InterfaceConfig(AppConfig):
    """Messages of providers' systems, the keys they are signed with, and the visits they settle at the counter."""

    name = "interface"
    verbose_name = _("Providers' interface")

    addresses = {"api/providers/": "interface.urls"}

    navigation = ("interface.admin.navigation.PAGES",)

    role_permissions = {
        "clerk": _READ,
        "supervisor": _READ,
        "policy_officer": _READ,
        "finance": _READ,
        "auditor": [*_READ, "view_providercredential"],
        "system_administrator": [
            "view_providercredential",
            "add_providercredential",
            "change_providercredential",
        ],
    }
