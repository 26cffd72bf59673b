"""How the admin looks: its names and its pieces; its colours are in desk/colours.css."""

from typing import Any

from django.utils.translation import gettext_lazy as _

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Outpatient insurance desk"),
    "SITE_HEADER": _("Outpatient insurance desk"),
    "SITE_SUBHEADER": _("Personal accounts and outpatient benefits"),
    "SITE_SYMBOL": "health_and_safety",
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    # The admin is the whole site.
    "SITE_URL": None,
    "SHOW_BACK_BUTTON": True,
    "STYLES": ["desk.navigation.colours", "desk.navigation.stylesheet"],
    "SCRIPTS": [
        "desk.navigation.script",
        "desk.navigation.search_script",
        "desk.navigation.shortcuts_script",
        "desk.navigation.drafts_script",
        "desk.navigation.print_script",
    ],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "desk.navigation.favicon"}],
    "DASHBOARD_CALLBACK": "desk.dashboard.home",
    "SIDEBAR": {"show_search": False, "navigation": "desk.navigation.sidebar"},
}
