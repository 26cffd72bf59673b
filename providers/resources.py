"""Providers, and the items of the catalogue, from a file."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from files.importing.cells import AmountCell, CodeCell, Column, DayCell, FlagCell, FractionCell, TextCell, choice_cell
from files.importing.reading import Sheet
from files.importing.resource import ServiceResource, Values, fetch
from policies.engine.vocabulary import CatalogCategory, ItemKind, Tier
from policies.resources import term_cell
from providers.models import Agreement, CatalogItem, Provider, ProviderKind
from providers.services import register_provider
from providers.services.catalogue import FACTS, record_catalog_item


class ProviderResource(ServiceResource):
    """One row for a provider with its first agreement. Later agreements are made on the provider's page."""

    label = _("providers")
    permission = "providers.add_provider"
    key = ("provider_code",)

    provider_code = Column(_("provider code"), CodeCell(32))
    name = Column(_("provider name"), TextCell(120))
    kind = Column(_("kind"), choice_cell(ProviderKind))
    tier = Column(_("tier"), term_cell(Tier))
    first_day = Column(_("agreement from"), DayCell())
    is_designated = Column(_("designated for outpatient pooling"), FlagCell(), in_header=False, default=True)
    is_out_of_area = Column(_("outside the region"), FlagCell(), in_header=False, default=False)

    def preload(self, sheet: Sheet) -> None:
        """The region's providers with these codes, and their first agreements."""
        providers = fetch(Provider.objects.filter(region=self.context.region), "code", sheet["provider_code"])
        self.known = {provider.code: provider for provider in providers}
        self.first_agreements: dict[int, Agreement] = {}
        agreements = Agreement.objects.order_by("period")
        for agreement in fetch(agreements, "provider_id", (provider.pk for provider in self.known.values())):
            self.first_agreements.setdefault(agreement.provider_id, agreement)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The provider and its first agreement."""
        provider = self.known.get(values["provider_code"])
        if provider is None:
            return None
        facts = {"name": provider.name, "kind": provider.kind, "is_out_of_area": provider.is_out_of_area}
        agreement = self.first_agreements.get(provider.pk)
        if agreement is None:
            return facts
        return facts | {
            "first_day": agreement.period.lower,
            "tier": agreement.tier,
            "is_designated": agreement.is_designated,
        }

    def save(self, values: Values) -> Provider:
        """Register the provider with its agreement."""
        return register_provider(
            self.context.region,
            code=values["provider_code"],
            name=values["name"],
            kind=values["kind"],
            tier=values["tier"],
            first_day=values["first_day"],
            is_designated=values["is_designated"],
            is_out_of_area=values["is_out_of_area"],
            actor=self.context.actor,
            reason=self.context.reason,
        )


class CatalogItemResource(ServiceResource):
    """One row for what the catalogue says of an item from a day on; what is in force already changes nothing."""

    label = _("catalogue items")
    permission = "providers.add_catalogitem"
    key = ("code",)

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
        return record_catalog_item(
            self.context.region,
            code=values["code"],
            **{name: values[name] for name in FACTS},
            first_day=values["first_day"],
            actor=self.context.actor,
            reason=self.context.reason,
        )
