"""Providers' bank accounts and places from files."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.cells import CodeCell, Column, NumberCell, TextCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from providers.models import Provider
from providers.resources.providers import PROVIDER_CODES, PROVIDER_EXAMPLE
from providers.services.details import forget_payee, set_payee, set_place


class _Details(ServiceResource):
    """Rows that record something of a provider in columns of its own row. `fields_of`: those by the file's columns."""

    permission = "providers.change_provider"
    key = ("provider_code",)
    fields_of: ClassVar[Mapping[str, str]]

    provider_code = Column(_("provider code"), CodeCell(32), headings=PROVIDER_CODES)

    def preload(self, sheet: Sheet) -> None:
        """The region's providers with these codes."""
        providers = fetch(Provider.objects.filter(region=self.context.region), "code", sheet["provider_code"])
        self.known = {provider.code: provider for provider in providers}

    def problems(self, values: Values) -> Iterator[Problem]:
        if values["provider_code"] not in self.known:
            yield Problem("provider_code", _("The region has no such provider. Import or register it first."))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """What is recorded of the provider, if anything is."""
        facts = self.facts(self.known[values["provider_code"]])
        return None if not any(facts.values()) else facts

    def facts(self, provider: Provider) -> dict[str, Any]:
        return {column: getattr(provider, field) for column, field in self.fields_of.items()}

    def save(self, values: Values) -> Provider:
        return self.record(self.known[values["provider_code"]], {name: values[name] for name in self.fields_of})

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        """Call the service that records it; with what is empty, that which forgets it."""
        raise NotImplementedError

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Record what was recorded before, or that nothing is known."""
        provider = still_there(Provider.objects, made)
        now = self.facts(provider)
        self.check_unchanged(values, now)
        self.record(provider, now | dict(before) if before else dict.fromkeys(self.fields_of))


class ProviderAccountResource(_Details):
    """One row for the bank account to which a provider's statements are paid. Another one replaces it."""

    label = _("providers' bank accounts")
    corrected = frozenset({"bank", "account"})
    examples = PROVIDER_EXAMPLE | {"bank": "中国工商银行", "account": "6222020000000000000"}
    fields_of = {"bank": "payee_bank", "account": "payee_account"}

    bank = Column(_("bank"), TextCell(120), headings=("开户银行", "开户行"))
    account = Column(
        _("bank account number"), CodeCell(64), headings=("银行账号", "收款账号", "银行账户"), is_personal=True
    )

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        context = self.context
        if not any(said.values()):
            return forget_payee(provider, actor=context.actor, reason=context.reason)
        return set_payee(
            provider, bank=said["bank"], account=said["account"], actor=context.actor, reason=context.reason
        )


class ProviderPlaceResource(_Details):
    """One row for where a provider lies, in degrees (WGS 84). Another place replaces it."""

    label = _("providers' places")
    corrected = frozenset({"latitude", "longitude"})
    examples = PROVIDER_EXAMPLE | {"latitude": "34.810488", "longitude": "117.323725"}
    fields_of = {"latitude": "latitude", "longitude": "longitude"}

    latitude = Column(_("latitude"), NumberCell(digits=2, places=6, most=Decimal(90)), headings=("纬度",))
    longitude = Column(_("longitude"), NumberCell(digits=3, places=6, most=Decimal(180)), headings=("经度",))

    def record(self, provider: Provider, said: Mapping[str, Any]) -> Provider:
        return set_place(
            provider,
            latitude=said["latitude"],
            longitude=said["longitude"],
            actor=self.context.actor,
            reason=self.context.reason,
        )
