"""The region's catalogue of drugs, services and consumables (医保目录)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import tracked_create, tracked_save, tracked_update
from agency.services.taking_back import check_nothing_rests_on, period_before, tracked_delete
from agency.services.together import checked_each
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.models import CatalogItem

# What an entry says about its item, beside the days in which it holds.
FACTS = ("name", "kind", "category", "upfront_rate", "price_limit", "is_negotiated")


@transaction.atomic
def record_catalog_item(
    region: PoolingRegion,
    *,
    code: str,
    name: str,
    kind: ItemKind,
    category: CatalogCategory,
    upfront_rate: Decimal | None = None,
    price_limit: Decimal | None = None,
    is_negotiated: bool = False,
    first_day: date,
    actor: User | None = None,
    reason: str,
) -> CatalogItem:
    """What the catalogue says of an item from first_day on; the entry in force ends the day before.

    upfront_rate is a fraction, for category B only; price_limit yuan a unit. Where the entry in force says just that,
    nothing changes and it is returned. DomainError for facts that do not fit each other, and where another entry begins
    on that day or later.
    """
    item = CatalogItem(
        region=region,
        code=code.strip(),
        name=name,
        kind=kind,
        category=category,
        upfront_rate=upfront_rate,
        price_limit=price_limit,
        is_negotiated=is_negotiated,
        period=DateRange(first_day, None),
    )
    (recorded,) = record_catalog_items(region, [item], actor=actor, reason=reason)
    return recorded


@transaction.atomic
def record_catalog_items(
    region: PoolingRegion, items: Sequence[CatalogItem], *, actor: User | None = None, reason: str
) -> list[CatalogItem]:
    """Record open-ended entries of the region that are not saved yet, one of a code, in a few statements; all or none.

    Returns the entries that then say it. Raises what `record_catalog_item` raises of any of them; ValueError where two
    are of one code.
    """
    entries: dict[str, list[CatalogItem]] = {item.code: [] for item in items}
    if len(entries) < len(items):
        raise ValueError("a code is recorded twice at once")
    held_of_region = CatalogItem.objects.select_for_update().filter(region=region, code__in=entries)
    for entry in held_of_region.order_by("code", "-period"):
        entries[entry.code].append(entry)

    def held_by(item: CatalogItem) -> CatalogItem | None:
        """The entry in force on its first day."""
        _check(item)
        held = next((entry for entry in entries[item.code] if item.period.lower in entry.period), None)
        if held is None or _facts(held) != _facts(item):
            _check_newest(item, entries[item.code])
        return held

    recorded, new, ended = [], [], []
    for item, held in zip(items, checked_each(items, held_by), strict=True):
        if held is not None and _facts(held) == _facts(item):
            recorded.append(held)
            continue
        if held is not None:
            held.period = DateRange(held.period.lower, item.period.lower)
            ended.append(held)
        new.append(item)
        recorded.append(item)
    tracked_update(ended, ["period"], actor, reason)
    tracked_create(new, actor, reason)
    return recorded


def _check_newest(item: CatalogItem, entries: Sequence[CatalogItem]) -> None:
    """entries: of its code, the newest first."""
    if entries and entries[0].period.lower >= item.period.lower:
        raise DomainError(
            _("An entry of %(code)s begins on %(day)s already. Choose a later first day.")
            % {"code": item.code, "day": entries[0].period.lower},
            field="first_day",
        )


@transaction.atomic
def end_catalog_item(item: CatalogItem, *, last_day: date, actor: User | None = None, reason: str) -> CatalogItem:
    """Let an open-ended entry hold until last_day; afterwards the catalogue does not have the item.

    DomainError where the entry ends already, or last_day lies before its first day.
    """
    item = CatalogItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.period.upper is not None:
        raise DomainError(_("This entry ends already. Open the newest one of the code."), field="last_day")
    if last_day < item.period.lower:
        raise DomainError(
            _("The entry begins on %(day)s. Choose that day or a later one.") % {"day": item.period.lower},
            field="last_day",
        )
    item.period = DateRange(item.period.lower, last_day + timedelta(days=1))
    tracked_save(item, actor, reason)
    return item


@transaction.atomic
def withdraw_catalog_item(item: CatalogItem, *, actor: User | None = None, reason: str) -> None:
    """An entry was recorded by mistake: it goes, its history stays, and the one that it ended holds again.

    DomainError where it has ended since.
    """
    entries = CatalogItem.objects.select_for_update(of=("self",)).filter(region_id=item.region_id, code=item.code)
    item = entries.get(pk=item.pk)
    if item.period.upper is not None:
        raise DomainError(_("It has ended since, on %(day)s.") % {"day": item.period.upper - timedelta(days=1)})
    earlier = entries.filter(period__endswith=item.period.lower).first()
    period = period_before(item, earlier) if earlier else None
    check_nothing_rests_on(item)
    tracked_delete(item, actor, reason)
    if earlier and period:
        earlier.period = period
        tracked_save(earlier, actor, reason)


def _facts(item: CatalogItem) -> tuple[object, ...]:
    return tuple(getattr(item, name) for name in FACTS)


def _check(item: CatalogItem) -> None:
    """DomainError for facts that no catalogue has."""
    if not item.code or not item.name.strip():
        raise DomainError(_("A catalogue item has a code and a name."), field="code")
    _check_share(item)
    limit = item.price_limit
    if limit is not None and (limit <= 0 or limit != limit.quantize(Decimal("0.01"))):
        raise DomainError(_("A price limit is above zero and has at most two decimals."), field="price_limit")
    if item.is_negotiated and item.kind != ItemKind.DRUG:
        raise DomainError(_("Only a drug is negotiated. Leave it off for other items."), field="is_negotiated")


def _check_share(item: CatalogItem) -> None:
    share = item.upfront_rate
    if share is None:
        return
    if not 0 <= share <= 1 or share != share.quantize(Decimal("0.0001")):
        raise DomainError(
            _("An upfront share is a fraction between 0 and 1 with at most four decimals."), field="upfront_rate"
        )
    if item.category != CatalogCategory.B:
        raise DomainError(
            _("Only a category B item has an upfront share. Leave the share out, or make it category B."),
            field="upfront_rate",
        )
