"""What files say of providers, and of the catalogue."""

from providers.resources.catalogue import CatalogItemResource
from providers.resources.details import ProviderAccountResource, ProviderPlaceResource
from providers.resources.providers import AgreementResource, ProviderResource

__all__ = [
    "AgreementResource",
    "CatalogItemResource",
    "ProviderAccountResource",
    "ProviderPlaceResource",
    "ProviderResource",
]
