"""Pages of providers and their agreements, and of the catalogue."""

from providers.admin import catalogue, providers

__all__ = ["catalogue", "providers"]
