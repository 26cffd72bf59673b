"""Questions about providers and the catalogue."""

from collections.abc import Iterable
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from agency.models import PoolingRegion
from providers.models import Agreement, CatalogItem, Provider


def agreement_on(provider: Provider, day: date) -> Agreement | None:
    """The provider's agreement in force on a day, None without one."""
    return Agreement.objects.filter(provider=provider, period__contains=day).first()


def agreements_on(asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Agreement]:
    """The agreements in force, by provider's id and day; a provider without one on its day is left out. One query."""
    wanted = set(asked)
    held: dict[int, list[Agreement]] = {}
    for agreement in Agreement.objects.filter(provider__in={provider for provider, _day in wanted}):
        held.setdefault(agreement.provider_id, []).append(agreement)
    return {
        (provider, day): agreement
        for provider, day in wanted
        for agreement in held.get(provider, ())
        if day in agreement.period
    }


def newest_agreement_in(provider: Provider, first_day: date, last_day: date) -> Agreement | None:
    """The last of the provider's agreements in force between two days, None without one."""
    period = DateRange(first_day, last_day, "[]")
    return Agreement.objects.filter(provider=provider, period__overlap=period).order_by("-period").first()


def catalog_items_on(region: PoolingRegion, codes: Iterable[str], day: date) -> dict[str, CatalogItem]:
    """What the region's catalogue says on a day, by code; codes that it does not have then are left out."""
    wanted = set(codes)
    if not wanted:
        return {}
    items = CatalogItem.objects.filter(region=region, code__in=wanted, period__contains=day)
    return {item.code: item for item in items}


def catalog_items_on_days(
    region: PoolingRegion, asked: Iterable[tuple[str, date]]
) -> dict[date, dict[str, CatalogItem]]:
    """What the region's catalogue says of codes, each on its day: by day and code. One query."""
    wanted = set(asked)
    held: dict[str, list[CatalogItem]] = {}
    if wanted:
        for item in CatalogItem.objects.filter(region=region, code__in={code for code, _day in wanted}):
            held.setdefault(item.code, []).append(item)
    by_day: dict[date, dict[str, CatalogItem]] = {}
    for code, day in wanted:
        of_day = by_day.setdefault(day, {})
        of_day |= {item.code: item for item in held.get(code, ()) if day in item.period}
    return by_day


def catalog_item_on(region: PoolingRegion, code: str, day: date) -> CatalogItem | None:
    """What the region's catalogue says of a code on a day, None where it does not have it then."""
    return catalog_items_on(region, [code], day).get(code)
