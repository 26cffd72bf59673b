"""Designated providers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_provider", "view_agreement", "view_catalogitem"]


class ProvidersConfig(AppConfig):
    """Medical institutions and pharmacies, their agreements and tiers."""

    name = "providers"
    verbose_name = _("Providers")

    import_resources = {
        "providers": "providers.resources.ProviderResource",
        "catalog_items": "providers.resources.CatalogItemResource",
        "agreements": "providers.resources.AgreementResource",
        "provider_corrections": "providers.resources.ProviderCorrectionResource",
        "provider_accounts": "providers.resources.ProviderAccountResource",
        "provider_places": "providers.resources.ProviderPlaceResource",
    }

    searches = ("providers.admin.search.SEARCHES",)
    navigation = ("providers.admin.navigation.PAGES",)
    alerts = ("providers.admin.alerts.WATCHES",)

    role_permissions = {
        "clerk": [*_READ, "add_provider", "change_provider", "add_agreement", "change_agreement"],
        "supervisor": [*_READ, "add_provider", "change_provider", "add_agreement", "change_agreement"],
        "policy_officer": [*_READ, "add_catalogitem", "change_catalogitem"],
        "finance": _READ,
        "auditor": _READ,
    }
