"""How the admin looks: its names, its pieces and the blue of an office."""

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
    "BORDER_RADIUS": "6px",
    "STYLES": ["desk.navigation.stylesheet"],
    "SCRIPTS": [
        "desk.navigation.script",
        "desk.navigation.search_script",
        "desk.navigation.shortcuts_script",
        "desk.navigation.drafts_script",
    ],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "desk.navigation.favicon"}],
    "DASHBOARD_CALLBACK": "desk.dashboard.home",
    "SIDEBAR": {"show_search": False, "navigation": "desk.navigation.sidebar"},
    # The blue of an office, in the steps that Unfold names.
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(54.6% .245 262.881)",
            "700": "oklch(48.8% .243 264.376)",
            "800": "oklch(42.4% .199 265.638)",
            "900": "oklch(37.9% .146 265.522)",
            "950": "oklch(28.2% .091 267.935)",
        },
    },
}
