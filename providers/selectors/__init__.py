"""Questions about providers and the catalogue."""

from collections.abc import Iterable
from datetime import date

from agency.models import PoolingRegion
from providers.models import Agreement, CatalogItem, Provider


def agreement_on(provider: Provider, day: date) -> Agreement | None:
    """The provider's agreement in force on a day, None without one."""
    return Agreement.objects.filter(provider=provider, period__contains=day).first()


def catalog_items_on(region: PoolingRegion, codes: Iterable[str], day: date) -> dict[str, CatalogItem]:
    """What the region's catalogue says on a day, by code; codes that it does not have then are left out."""
    wanted = set(codes)
    if not wanted:
        return {}
    found = CatalogItem.objects.filter(region=region, code__in=wanted, period__contains=day)
    return {item.code: item for item in found}


def catalog_item_on(region: PoolingRegion, code: str, day: date) -> CatalogItem | None:
    """What the region's catalogue says of a code on a day, None where it does not have it then."""
    return catalog_items_on(region, [code], day).get(code)
