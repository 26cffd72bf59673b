"""The items of the catalogue from a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.batches import BatchResource
from files.importing.cells import AmountCell, CodeCell, Column, DayCell, FlagCell, FractionCell, TextCell
from files.importing.reading import Sheet
from files.importing.resource import Values, fetch
from policies.engine.vocabulary import CatalogCategory, ItemKind
from policies.resources import term_cell
from providers.models import CatalogItem
from providers.services.catalogue import FACTS, record_catalog_items, withdraw_catalog_item


class CatalogItemResource(BatchResource):
    """One row for what the catalogue says of an item from a day on; what is in force already changes nothing."""

    label = _("catalogue items")
    permission = "providers.add_catalogitem"
    key = ("code",)
    examples = {
        "code": "XJ01CAA040A001010100001",
        "name": "阿莫西林胶囊",
        "category": "B",
        "price_limit": "25.50",
        "is_negotiated": "0",
    }

    code = Column(_("catalogue code"), CodeCell(64))
    name = Column(_("item name"), TextCell(120))
    kind = Column(_("kind"), term_cell(ItemKind))
    category = Column(_("category"), term_cell(CatalogCategory))
    # Without these columns, rows would take away what is recorded; an empty cell says that there is none.
    upfront_rate = Column(_("upfront share"), FractionCell(), default=None)
    price_limit = Column(_("price limit"), AmountCell(above_zero=True), default=None)
    is_negotiated = Column(_("negotiated drug"), FlagCell(), default=False)
    first_day = Column(_("in force from"), DayCell())

    def preload(self, sheet: Sheet) -> None:
        """The entries that the catalogue has of these codes."""
        self.entries: dict[str, list[CatalogItem]] = {}
        for item in fetch(CatalogItem.objects.filter(region=self.context.region), "code", sheet["code"]):
            self.entries.setdefault(item.code, []).append(item)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The entry in force on the row's day. Other facts from a later day than the entry's are news."""
        day = values["first_day"]
        held = next((item for item in self.entries.get(values["code"], ()) if day in item.period), None)
        if held is None:
            return None
        facts = {name: getattr(held, name) for name in FACTS}
        is_news = held.period.lower < day and any(values[name] != value for name, value in facts.items())
        return None if is_news else facts

    def save(self, values: Values) -> CatalogItem:
        """Record the entry; the one in force ends the day before."""
        (item,) = self.save_all([values])
        return item

    def save_all(self, rows: Sequence[Values]) -> list[CatalogItem]:
        """Record the entries."""
        region = self.context.region
        items = [
            CatalogItem(
                region=region,
                code=row["code"],
                period=DateRange(row["first_day"], None),
                **{name: row[name] for name in FACTS},
            )
            for row in rows
        ]
        return record_catalog_items(region, items, actor=self.context.actor, reason=self.context.reason)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the entry; the one that it ended holds again."""
        item = still_there(CatalogItem.objects, made)
        self.check_unchanged(values, {name: getattr(item, name) for name in FACTS})
        withdraw_catalog_item(item, actor=self.context.actor, reason=self.context.reason)
