"""What files say of providers, and of the catalogue."""

from providers.resources.catalogue import CatalogItemResource
from providers.resources.details import ProviderAccountResource, ProviderCorrectionResource, ProviderPlaceResource
from providers.resources.providers import AgreementResource, ProviderResource

__all__ = [
    "AgreementResource",
    "CatalogItemResource",
    "ProviderAccountResource",
    "ProviderCorrectionResource",
    "ProviderPlaceResource",
    "ProviderResource",
]
